"""The shape of a Vietnamese syllable, typed without accents."""

from __future__ import annotations

import re

_ONSET = "b|ch?|d|gh?|gi|h|kh?|l|m|n(?:gh?|h)?|ph?|qu?|r|s|th?|tr|v|x"
_NUCLEUS = (
    "a[iouy]?|e[ou]?|i(?:eu?|[au])?|o(?:a[ioy]?|eo?|[io])?|u(?:[aeiu]|ay|oi?|ou|ye?|yu|ya)?|y(?:eu?)?|uo|uu|uy|ue"
)
_CODA = "c|ch|m|n|ng|nh|p|t"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?")


def is_syllable(word: str) -> bool:
    """Whether a folded word could be one Vietnamese syllable: `cha` and `xuong` could, `nel` and `nike` could not."""
    return _SYLLABLE.fullmatch(word) is not None
