"""The reference page of the catalogue, written from the features themselves."""

from __future__ import annotations

from counterfoil.features.catalogue import catalogue
from counterfoil.features.feature import FAMILIES

_HEAD = """# Features

Written by `counterfoil features --format markdown`; do not edit. Each row is one column of the model's matrix. A missing
value is NaN, never 0. *Sign* `+` means that risk may never fall as the value rises; *reason* means that the feature can
give a reason with evidence. Besides these, a bundle has columns that are fitted on its training rows: `ngram_score`, the
log-odds of a logistic regression on character n-grams, and `text_00`, `text_01`, …, the first principal components of
the text's vector.
"""


def markdown() -> str:
    """The page as Markdown."""
    lines = [_HEAD]
    for family in FAMILIES:
        lines += [f"## {family}", "", "| feature | sign | reason | what it is |", "|---|---|---|---|"]
        lines += [
            f"| `{f.name}` | {'+' if f.monotone > 0 else ''} | {'yes' if f.explains else ''} | {' '.join(f.doc.split())} |"
            for f in catalogue().features
            if f.family == family
        ]
        lines.append("")
    return "\n".join(lines)
