"""The shape of a Vietnamese syllable, typed without accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSET = "b|ch?|d|gh?|gi|h|kh?|l|m|n(?:gh?|h)?|ph?|qu?|r|s|th?|tr|v|x"
_NUCLEUS = (
    "a[iouy]?|e[ou]?|i(?:eu?|[au])?|o(?:a[ioy]?|eo?|[io])?|u(?:[aeiu]|ay|oi?|ou|ye?|yu|ya)?|y(?:eu?)?|uo|uu|uy|ue"
)
_CODA = "c|ch|m|n|ng|nh|p|t"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?")
# Spelling rules: k, gh and ngh stand before e, i and y, and c, g and ng before the others; a glide takes no consonant.
_MISSPELT = re.compile(
    r"k[aou]|c[eiy]|n?gh[aouy]|nge|.*(?:a[iouy]|eo|eu|oi|uoi|ieu|yeu|ui|iu|uu)(?:c|ch|m|n|ng|nh|p|t)$"
)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_MARKS = _TONES | frozenset("\u0302\u0306\u031b")
_STOPPED = re.compile(r"(?:c|ch|p|t)$")


def is_syllable(word: str) -> bool:
    """Whether a folded word could be one Vietnamese syllable: `cha` and `xuong` could, `nel` and `nike` could not."""
    return _SYLLABLE.fullmatch(word) is not None


@lru_cache(maxsize=1 << 15)
def is_well_spelt(typed: str, bare: str) -> bool:
    """Whether a word as typed, and without its accents, follows the rules by which Vietnamese is written."""
    if not is_syllable(bare) or _MISSPELT.match(bare):
        return False
    return typed == bare or not has_odd_accents(typed, bare)


@lru_cache(maxsize=1 << 15)
def has_odd_accents(typed: str, bare: str) -> bool:
    """Whether a word bears accents that no Vietnamese one does: `fâké`, `rẻp`, `hầ́ng`."""
    if not is_syllable(bare):
        return True
    marks = [char for char in unicodedata.normalize("NFD", typed) if unicodedata.combining(char)]
    tones = [mark for mark in marks if mark in _TONES]
    if len(tones) > 1 or any(mark not in _MARKS for mark in marks):
        return True
    return _STOPPED.search(bare) is not None and tones not in (["\u0301"], ["\u0323"])


def marks(word: str) -> list[str]:
    """The accents of a word wherever they stand: `nhaí` has those of `nhái`."""
    return sorted(char for char in unicodedata.normalize("NFD", word.replace("đ", "d\u0335")) if not char.isalnum())
