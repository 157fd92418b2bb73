"""Letters that a reader takes for others: invisible company, other alphabets, styled and drawn letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from string import ascii_lowercase, ascii_uppercase, digits

from counterfoil.language.evasion.patch import base_and_marks, clusters, is_ratio

_INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
# Left-to-right ones only: the word is shown as it was.
_BIDI_MARK = "\u200e"
_BIDI_AROUND = (("\u202a", "\u202c"), ("\u202d", "\u202c"), ("\u2066", "\u2069"), ("\u2068", "\u2069"))
_KEYCAP = "\ufe0f\u20e3"

CYRILLIC: Mapping[str, str] = dict(
    zip("abcdehijklmopqrstuvwxy", "аЬсԁеһіјкӏморԛгѕтцѵԝху", strict=True),
) | dict(zip("ABCEGHIJKMOPQSTVWXY", "АВСЕԌНІЈКМОРԚЅТѴԜХУ", strict=True))
GREEK: Mapping[str, str] = dict(zip("abeiknoptuvwxy", "αβεικηορτυνωχγ", strict=True)) | dict(
    zip("ABEHIKMNOPTXYZ", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", strict=True)
)
SMALL_CAPS: Mapping[str, str] = dict(zip(ascii_lowercase, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ", strict=True)) | dict(
    zip(ascii_uppercase, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ", strict=True)
)


def _run(symbols: str, first: int) -> dict[str, str]:
    return {symbol: chr(first + place) for place, symbol in enumerate(symbols)}


# Bold, bold italic, bold script, bold fraktur, sans, sans bold, sans italic, sans bold italic, monospace: none has a gap.
_MATH_LETTERS = (0x1D400, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D608, 0x1D63C, 0x1D670)
_MATH_DIGITS = (0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)
MATH: tuple[Mapping[str, str], ...] = tuple(
    _run(ascii_uppercase + ascii_lowercase, first) | _run(digits, _MATH_DIGITS[place % len(_MATH_DIGITS)])
    for place, first in enumerate(_MATH_LETTERS)
)
FULL_WIDTH: Mapping[str, str] = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_CIRCLED_DIGITS = _run("123456789", 0x2460) | {"0": "\u24ea"}
_DARK_DIGITS = _run("123456789", 0x2776) | {"0": "\u24ff"}
# Squared, negative squared, circled, negative circled.
SQUARED: tuple[Mapping[str, str], ...] = tuple(
    _run(ascii_uppercase, first) | _run(ascii_lowercase, first) | numbers
    for first, numbers in (
        (0x1F130, _CIRCLED_DIGITS),
        (0x1F170, _DARK_DIGITS),
        (0x24B6, _CIRCLED_DIGITS),
        (0x1F150, _DARK_DIGITS),
    )
)
FLAGS: Mapping[str, str] = _run(ascii_uppercase, 0x1F1E6) | _run(ascii_lowercase, 0x1F1E6)


def zero_width(word: str, rng: Random) -> str:
    """Characters of no width between the letters."""
    return _between(word, rng, lambda: rng.choice(_INVISIBLE))


def bidi(word: str, rng: Random) -> str:
    """Marks of writing direction between or around the letters, of the direction they have anyway."""
    if rng.random() < 0.5:
        before, after = rng.choice(_BIDI_AROUND)
        return before + word + after
    return _between(word, rng, lambda: _BIDI_MARK)


def cyrillic(word: str, rng: Random) -> str:
    """Cyrillic letters that look alike."""
    return restyled(word, CYRILLIC, rng, share=0.8)


def greek(word: str, rng: Random) -> str:
    """Greek letters that look alike."""
    return restyled(word, GREEK, rng, share=0.8)


def math_alphabet(word: str, rng: Random) -> str:
    """Mathematical alphabets."""
    return restyled(word, rng.choice(MATH))


def full_width(word: str, _: Random) -> str:
    """Full-width letters, digits and colons."""
    return restyled(word, FULL_WIDTH)


def small_caps(word: str, _: Random) -> str:
    """Small capitals."""
    return restyled(word, SMALL_CAPS)


def squared(word: str, rng: Random) -> str:
    """Letters and digits in squares or circles, which carry no accents."""
    return restyled(word, rng.choice(SQUARED), keep_marks=False)


def regional_flags(word: str, _: Random) -> str:
    """The letters of flags; two alone would be a flag."""
    runs: list[list[str]] = []
    for part in clusters(word):
        if runs and runs[-1][0].isalpha() == part[0].isalpha():
            runs[-1].append(part)
        else:
            runs.append([part])
    return "".join(restyled("".join(run), FLAGS, keep_marks=False) if len(run) >= 3 else "".join(run) for run in runs)


def keycap(word: str, _: Random) -> str:
    """Digits as keycaps."""
    return "".join(part + _KEYCAP if part in digits else part for part in clusters(word))


def mixed_script(word: str, rng: Random) -> str:
    """The letters of one word from several alphabets."""
    parts = clusters(word)
    kinds = (CYRILLIC, GREEK, FULL_WIDTH, SMALL_CAPS, rng.choice(MATH))
    options = {
        place: {kind: new for kind, table in enumerate(kinds) if (new := _spelled(part, table))}
        for place, part in enumerate(parts)
        if part[0].isalpha()
    }
    able = [place for place, found in options.items() if found]
    if len(able) < 2:
        return word
    # Two letters at least change, to two alphabets; every third of the others stays.
    rng.shuffle(able)
    first = rng.choice(list(options[able[0]]))
    other = rng.choice([kind for kind in options[able[1]] if kind != first])
    parts[able[0]], parts[able[1]] = options[able[0]][first], options[able[1]][other]
    for place in able[2:]:
        if rng.random() < 0.67:
            parts[place] = rng.choice(list(options[place].values()))
    return "".join(parts)


def restyled(
    word: str, table: Mapping[str, str], rng: Random | None = None, *, share: float = 1.0, keep_marks: bool = True
) -> str:
    """The letters that the table has in place of a word's own: all, or with `rng` a share and one at least."""
    parts = clusters(word)
    able = {place: new for place, part in enumerate(parts) if (new := _spelled(part, table, keep_marks=keep_marks))}
    if rng is not None and able:
        kept = [place for place in able if rng.random() < share] or [rng.choice(list(able))]
        able = {place: able[place] for place in kept}
    return "".join(able.get(place, part) for place, part in enumerate(parts))


def _spelled(cluster: str, table: Mapping[str, str], *, keep_marks: bool = True) -> str | None:
    if _KEYCAP[-1] in cluster:
        return None
    base, marks = base_and_marks(cluster)
    if not keep_marks:
        return table.get({"đ": "d", "Đ": "D"}.get(base, base))
    return table[base] + marks if base in table and table[base] != base else None


def _between(word: str, rng: Random, pick: Callable[[], str]) -> str:
    parts = clusters(word)
    if len(parts) == 1:
        return word + pick()
    gaps = range(1, len(parts))
    chosen = set(gaps) if is_ratio(word) else {gap for gap in gaps if rng.random() < 0.5} or {rng.choice(gaps)}
    return "".join((pick() if place in chosen else "") + part for place, part in enumerate(parts))
