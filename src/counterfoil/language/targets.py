"""Whole names and claims as they are looked for when their letters are changed or cut apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

from counterfoil.knowledge.brands import brands
from counterfoil.knowledge.lexicon import terms
from counterfoil.language.match import Parts
from counterfoil.language.normalise import accented, fold_text
from counterfoil.language.watch import cuts, squeeze

# What a letter or sign is taken for: chat spelling has k for c, j and y for i; digits and signs stand for letters.
_FOLDED = str.maketrans("cqyjl1!|0345@$7892€", "kkiiiiiioeasastbgze")
_PIECE = re.compile(r"[a-z0-9@$€!]+")
_DIGITS = re.compile(r"[0-9]")
_SHORTEST = 5
# A slip in a shorter word makes another word.
_SHORTEST_SLIP = 6
_MOST_SPELLINGS = 24
HEAD = 3
# Chat spelling that is more than one letter for another, by our own observation of how sales posts are typed.
_SOUNDS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        ("^ph", "f"), ("^f", "ph"), ("^qu", "w"), ("^gi(?=[aeou])", "j"), ("ng$", "g"), ("nh$", "h"), ("ieu", "iu"),
        ("(?<=.)ee", "i"),
    )
)  # fmt: skip
_SHORT_FORMS: Mapping[str, tuple[str, ...]] = {
    "sieu": ("xiu", "xieu"), "auth": ("aut", "au"), "like": ("lai",), "real": ("rial",), "super": ("sup",), "loai": ("loi",),
    "nhu": ("nku",), "khong": ("ko", "k", "hok"), "duoc": ("dc",), "chinh": ("chin",), "hang": ("hg",), "chuan": ("chun",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A name or claim: its words without accents and with them, and whether it is the name of a brand."""

    plain: tuple[str, ...]
    written: tuple[str, ...]
    named: bool

    @property
    def text(self) -> str:
        """What is put in place of a disguise."""
        return " ".join(self.plain)

    @property
    def size(self) -> int:
        """How many letters and digits it has."""
        return sum(map(len, self.plain))


@dataclass(frozen=True, slots=True)
class Targets:
    """All that is looked for.

    `exact` finds the keys of targets in a text of keys; `near` files keys under themselves and with one letter left out,
    for slips; `heads` and `tails` are the first and last letters of those keys.
    """

    exact: Parts[tuple[Target, ...]]
    near: Mapping[str, tuple[tuple[str, Target], ...]]
    heads: frozenset[str]
    tails: frozenset[str]
    longest: int


def key(letters: str) -> str:
    """Letters without blanks as they are compared: look-alike letters and signs as one, no letter twice in a row."""
    return squeeze(fold_signs(letters))


def fold_signs(letters: str) -> str:
    """The part of `key` that keeps every letter in its place."""
    return letters.translate(_FOLDED)


def digits(text: str) -> str:
    """The digits of a text."""
    return "".join(_DIGITS.findall(text))


@cache
def targets() -> Targets:
    """The names of brands and the claims of grade S, A and B in the shipped knowledge."""
    exact: dict[str, list[Target]] = {}
    near: dict[str, dict[tuple[str, Target], None]] = {}
    slips: set[str] = set()
    for target in dict.fromkeys(_all()):
        for spelled in _spellings(target):
            if len(spelled) >= HEAD + 1:
                exact.setdefault(spelled, []).append(target)
        whole = key("".join(target.plain))
        if min(len(whole), sum(map(str.isalpha, target.text))) >= _SHORTEST_SLIP:
            slips.add(whole)
            for cut in cuts(whole):
                near.setdefault(cut, {})[whole, target] = None
    return Targets(
        exact=Parts({spelled: tuple(meant) for spelled, meant in exact.items()}),
        near={cut: tuple(found) for cut, found in near.items()},
        heads=frozenset(one[:HEAD] for one in slips),
        tails=frozenset(one[-HEAD:] for one in slips),
        longest=max(map(len, slips)),
    )


def _all() -> Iterator[Target]:
    for brand in brands():
        for form in (*brand.names_alone, *brand.all_nicknames):
            yield from _target(form, named=True)
    for term in terms():
        if term.grade in {"S", "A", "B"}:
            for form in term.forms:
                yield from _target(form, named=False)


def _target(form: str, *, named: bool) -> Iterator[Target]:
    written = accented(form).text.strip()
    plain = fold_text(written)
    if len(plain) != len(written):
        return
    places = [one.span() for one in _PIECE.finditer(plain)]
    found = Target(
        tuple(plain[start:end] for start, end in places), tuple(written[start:end] for start, end in places), named
    )
    letters = sum(map(str.isalpha, "".join(found.plain)))
    # Grades of letters (`aaa`) are all one letter once runs are one.
    graded = any(len(word) > 1 and len(set(word)) == 1 for word in found.plain)
    if found.size >= _SHORTEST and letters >= 4 and not graded:
        yield found


def _spellings(target: Target) -> Iterator[str]:
    """The keys of a target in chat spelling too."""
    choices = [respelt(word) for word in target.plain]
    yield from dict.fromkeys(key("".join(chosen)) for chosen in islice(product(*choices), _MOST_SPELLINGS))


@lru_cache(maxsize=1 << 12)
def respelt(word: str) -> tuple[str, ...]:
    """A word and what chat spelling makes of it."""
    sounded = (pattern.sub(new, word, count=1) for pattern, new in _SOUNDS)
    return tuple(dict.fromkeys((word, *_SHORT_FORMS.get(word, ()), *sounded)))
