"""Every syllable that Vietnamese spelling allows, composed by rule: onset, rhyme, and a tone on the vowel that bears it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES = """
a ai ao au ay âu ây e eo ê êu i ia iu iêu yêu o oi oa oai oay oao oe oeo ô ôi ơ ơi u ua ui uôi uê uơ uy uya uyu uây
ư ưa ưi ươi ươu ưu y
ac am an ang anh ach ap at ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât ec em en eng ep et êch ênh êm ên êp êt
ich inh im in ip it iêc iêm iên iêng iêp iêt yêm yên yêt oc om on ong op ot ôc ôm ôn ông ôp ôt ơm ơn ơp ơt
uc um un ung up ut uôc uôm uôn uông uôt ưc ưn ưng ưt ươc ươm ươn ương ươp ươt
oac oan oang oanh oach oat oăc oăn oăng oăt oen oet uân uâng uât uyên uyêt uynh uych uyt
"""
_RISING, _HEAVY = "\u0301", "\u0323"
_TONES = ("", "\u0300", _RISING, "\u0309", "\u0303", _HEAVY)
_VOWELS = "aăâeêioôơuưy"
_MARKED = "ăâêôơư"
_STOPS = ("c", "ch", "p", "t")


def syllables() -> Iterator[str]:
    """About 17,000 syllables in NFC and lower case, most of which no word uses; `hoà` is left to `hòa`."""
    for onset in ("", *_ONSETS.split()):
        for rhyme in _RHYMES.split():
            if _fit(onset, rhyme):
                place = _bearer(rhyme) + 1
                for tone in (_RISING, _HEAVY) if rhyme.endswith(_STOPS) else _TONES:
                    yield unicodedata.normalize("NFC", onset + rhyme[:place] + tone + rhyme[place:])


def _fit(onset: str, rhyme: str) -> bool:
    # k, gh and ngh stand before e, ê and i, and c, g and ng before the others; gi and qu hold a vowel already, and y
    # follows k alone of these. `gì`, `gìn` and `giếng` are spelt with g.
    first = rhyme[0]
    if onset in ("k", "gh", "ngh"):
        return first in "eêi" or (onset == "k" and first == "y")
    if onset in ("c", "g", "ng"):
        return first not in "eêiy" or (onset == "g" and rhyme in ("i", "in", "iêng"))
    return not ((onset == "gi" and first in "iy") or (onset == "qu" and first in "uưo"))


def _bearer(rhyme: str) -> int:
    """Which letter bears the tone: the last with a mark of its own, else the one before a coda, else the main vowel."""
    vowels = [place for place, char in enumerate(rhyme) if char in _VOWELS]
    marked = [place for place in vowels if rhyme[place] in _MARKED]
    if marked:
        return marked[-1]
    if vowels[-1] < len(rhyme) - 1:
        return vowels[-1]
    return vowels[0] if len(vowels) < 3 else vowels[-2]
