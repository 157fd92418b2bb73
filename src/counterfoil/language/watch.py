"""The words that are watched for: those of the lexicon's strong terms and of the brands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from counterfoil.knowledge.brands import brands, not_misspelt, not_split
from counterfoil.knowledge.lexicon import terms
from counterfoil.language.normalise import fold_text
from counterfoil.language.ordinary import ORDINARY
from counterfoil.language.syllable import is_syllable

_WORD = re.compile(r"[a-z0-9]+")
_SOUNDS = str.maketrans("yjc", "iik")
_LONG = 6
_KEYS = {
    letter: row[max(0, at - 1) : at + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for at, letter in enumerate(row)
}
_RUNS = re.compile(r"([a-z])\1+")


def sound(word: str) -> str:
    """The word as chat spelling sounds: y, j and ee as i, ph as f, c and ck as k but ch as it is, no letter twice."""
    word = word.replace("ph", "f").replace("ck", "k").replace("ee", "i").replace("ch", "ç")
    return squeeze(word.translate(_SOUNDS))


def squeeze(word: str) -> str:
    """The word with every run of one letter as a single letter."""
    return _RUNS.sub(r"\1", word)


def cuts(word: str) -> tuple[str, ...]:
    """The word, and what is left of it without one of its letters but the first; words a slip apart have one in common."""
    return (word, *(word[:at] + word[at + 1 :] for at in range(1, len(word))))


def is_one_edit(one: str, other: str) -> bool:
    """Whether one letter too many, too few, another one, or two swapped is all that tells two words apart."""
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=1) <= 1


@dataclass(frozen=True, slots=True)
class Watch:
    """What may be mended.

    `words` may be spelled with digits or apart; `strong` are names of brands and words that are no Vietnamese syllable;
    `whole` may stand in pieces; `initials` are names of two or three letters (`l.v`); `spellings` are the forms as
    listed, which are never a disguise.
    """

    words: frozenset[str]
    strong: frozenset[str]
    whole: frozenset[str]
    initials: frozenset[str]
    not_split: frozenset[str]
    spellings: frozenset[str]
    squeezed: Mapping[str, str]
    sounds: Mapping[str, str]
    stop: frozenset[str]
    longest: int
    _near: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)

    def misspelt(self, token: str) -> str | None:
        """The strong word of at least 5 letters within one edit of the token, or of 4 with two letters swapped.

        Of 4 letters also one struck twice or together with the key beside it.
        The first letter must be the word's own, and the token none of the words known to lie near.
        """
        if len(token) < 4 or token in self.stop or token in self.spellings:
            return None
        if (word := self.sounds.get(sound(token))) is not None:
            return word
        for cut in cuts(token):
            for word in self._near.get(cut, ()):
                if word[0] == token[0] and self._is_slip(token, word):
                    return word
        return None

    @staticmethod
    def _is_slip(token: str, word: str) -> bool:
        if len(word) == 4:
            swapped = len(token) == 4 and sorted(token) == sorted(word)
            longer = len(token) == 5 and _is_mistyped(token, word)
            return (swapped or longer) and is_one_edit(token, word)
        return is_one_edit(token, word)


def _is_mistyped(token: str, word: str) -> bool:
    """Whether a token is a word with one letter struck twice, or struck together with the key beside it."""
    at = next((at for at in range(len(word)) if token[at] != word[at]), len(word))
    beside = word[max(0, at - 1) : at + 1]
    return token[at + 1 :] == word[at:] and any(token[at] in _KEYS.get(letter, letter) for letter in beside)


@cache
def watch() -> Watch:
    """The watched words of the shipped knowledge."""
    claimed, named, spellings, short = set[str](), set[str](), set[str](), set[str]()
    for term in terms():
        forms = {fold_text(form) for form in (*term.forms, *term.accented_only)}
        spellings |= forms
        if term.grade in {"S", "A"}:
            claimed |= _words(forms)
    for brand in brands():
        forms = {fold_text(form) for form in brand.names_alone}
        spellings |= forms | {fold_text(form) for form in (brand.name, *brand.all_nicknames)}
        named |= {word for form in forms for word in _telling(form)}
        named |= {form for form in map(fold_text, brand.nicknames) if len(form) >= _LONG and form.isalpha()}
        short |= {form for form in forms if 2 <= len(form) <= 3 and form.isalpha()}
    strong = {word for word in named if len(word) >= 4 and word.isalpha()}
    strong |= {
        word
        for word in claimed - ORDINARY
        if len(word) >= 4 and word.isalpha() and len(set(word)) > 1 and not is_syllable(word)
    }
    # A short word with the shape of a syllable is watched only where it says something alone: `rep` does, `gia` does not.
    words = frozenset(
        word
        for word in claimed | named
        if word.isalpha() and len(set(word)) > 1 and (len(word) >= 4 or word in spellings or not is_syllable(word))
    )
    spellings |= {token for form in spellings for token in form.split() if not token.isalpha()}
    whole = frozenset(strong | {word for word in words if len(word) == 3 and word in spellings})
    stop = not_misspelt() | ORDINARY | words
    return Watch(
        words=words,
        strong=frozenset(strong),
        whole=whole,
        initials=frozenset(short),
        not_split=not_split(),
        spellings=frozenset(spellings),
        squeezed={
            squeeze(word): word
            for word in sorted(strong | {one for one in claimed if len(one) >= 4 and len(set(one)) > 1})
        },
        sounds={sound(word): word for word in sorted(strong)},
        stop=stop,
        longest=max(map(len, words), default=0),
        # Words of claims are ordinary ones, so only the long ones and those of 4 letters (swapped, doubled) have slips.
        _near=_deletions(word for word in strong if word in named or len(word) != 5),
    )


def _telling(form: str) -> set[str]:
    """The words of a name that tell it alone: all of a single one, of several only long ones that are not ordinary."""
    words = _words([form])
    if len(form.split()) == 1:
        return words
    return {word for word in words if len(word) >= _LONG and word not in ORDINARY and not is_syllable(word)}


def _words(forms: Iterable[str]) -> set[str]:
    return {word for form in forms for word in _WORD.findall(form) if len(word) >= 3}


def _deletions(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each word under itself and under every spelling that lacks one of its letters but the first."""
    near: dict[str, list[str]] = {}
    for word in sorted(words):
        for cut in set(cuts(word)):
            near.setdefault(cut, []).append(word)
    return {cut: tuple(found) for cut, found in near.items()}
