"""The key under which titles made of the same words are counted together."""

from __future__ import annotations

import hashlib
import re

from counterfoil.language.normalise import fold_text

_WORD = re.compile(r"[^\W_]+")


def wording_key(title: str) -> str:
    """16 hex digits naming the set of folded words of a title, whatever their order, case, accents and repetitions."""
    folded = fold_text(title)
    words = sorted(set(_WORD.findall(folded))) or [folded.strip()]
    return hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
