"""Disguised words put right: d.i.o.r, cha nel, r3p, fakeee, chanei.

Only words that some list watches for are mended, so that `size S M L XL`, `350k` and model numbers stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from counterfoil.language.compact import Repair, find_wholes
from counterfoil.language.normalise import Folded
from counterfoil.language.syllable import is_syllable
from counterfoil.language.tokens import LEET, RUN, SIGNS, How, Placed, tokens_of
from counterfoil.language.watch import Watch, squeeze, watch


@dataclass(frozen=True, slots=True)
class Mending:
    """A watched word that stands disguised at the raw half-open span `[start, end)`.

    `apart` is no disguise: honest sellers write some names in two as well (`Sam sung`).
    """

    word: str
    how: How
    start: int
    end: int


# A token is what stands between spaces; the longest watched word bounds how much is tried, so that the cost is linear.


def mend(plain: Folded, written: Folded, typed: str) -> tuple[Folded | None, tuple[Mending, ...]]:
    """The text with disguised watch-words put right, and where they stand; (None, ()) where there is none.

    `plain` and `written` are the folded and the accented view of one text, `typed` the letters of the first with accents.
    """
    accents = _accents(plain, written, typed)
    tokens = tokens_of(plain.text, typed, accents)
    wholes = find_wholes(plain.text, tokens)
    found = list(_mended(tokens, accents, watch(), bare=written.text.isascii()))
    if wholes:
        taken = bytearray(len(plain.text))
        for whole in wholes:
            taken[whole.start : whole.end] = b"\1" * (whole.end - whole.start)
        found = [one for one in found if not any(taken[one[0] : one[1]])]
        repairs = [repair for whole in wholes for repair in whole.repairs]
        found = sorted([*found, *((one.start, one.end, one.words, _how(plain.text, one)) for one in repairs)])
    if not found:
        return None, ()
    chars: list[str] = []
    origin: list[int] = []
    at = 0
    for start, end, word, _ in found:
        chars += plain.text[at:start]
        origin += plain.origin[at:start]
        chars += word
        origin += [plain.origin[min(start + i * (end - start) // len(word), end - 1)] for i in range(len(word))]
        at = end
    chars += plain.text[at:]
    origin += plain.origin[at:]
    mendings = tuple(Mending(word, how, *plain.span(start, end)) for start, end, word, how in found)
    return Folded("".join(chars), tuple(origin), plain.length), mendings


def _how(text: str, repair: Repair) -> How:
    shown = text[repair.start : repair.end]
    if repair.split:
        if all(len(piece) == 1 for piece in shown.split()):
            return "joined"
        return "split" if all(char.isalnum() or char.isspace() for char in shown) else "joined"
    if RUN.search(shown):
        return "repeated"
    if SIGNS.sub("", shown) != shown and not SIGNS.search(repair.words):
        return "leet"
    return "misspelt"


def _accents(plain: Folded, written: Folded, typed: str) -> str:
    """For each letter of the plain view one that is no ASCII where a letter with accents was typed."""
    if plain.origin == written.origin:
        return typed
    if written.text.isascii():
        return " " * len(plain.text)
    accented = {at for char, at in zip(written.text, written.origin, strict=True) if not char.isascii()}
    return "".join("\u0301" if at in accented else " " for at in plain.origin)


def _mended(
    tokens: Sequence[Placed], accents: str, watched: Watch, *, bare: bool
) -> Iterator[tuple[int, int, str, How]]:
    """Spans of the folded text in order, the word each one hides, and how."""
    # A token matters by itself, or to the one before it.
    places = {near for place, (_, token) in enumerate(tokens) if token.restless for near in (place - 1, place)}
    after = 0
    for index in sorted(places):
        if index < after:
            continue
        start, token = tokens[index]
        if token.single:
            last = index
            while last + 1 < len(tokens) and tokens[last + 1][1].single:
                last += 1
            if last - index >= 2:
                yield from _joined(tokens[index : last + 1], watched)
                after = last + 1
                continue
        if token.hidden is not None:
            left, right, word, how = token.hidden
            yield start + left, start + right, word, how
        elif (
            not token.accented
            and index + 1 < len(tokens)
            and (token.opens or not (token.known and tokens[index + 1][1].known))
        ):
            pair = _split(tokens, index, accents, watched, bare=bare)
            if pair is not None:
                last, word = pair
                end = tokens[last][0] + len(tokens[last][1].text)
                yield start, end, word, "apart" if word in watched.not_split else "split"
                after = last + 1


def _joined(run: Sequence[Placed], watched: Watch) -> Iterator[tuple[int, int, str, How]]:
    """Watched words spelled one letter at a time, the longest first."""
    letters = "".join(token.text for _, token in run).translate(LEET)
    if (slip := watched.misspelt(letters)) is not None:
        yield run[0][0], run[-1][0] + 1, slip, "joined"
        return
    at = 0
    while at < len(letters) - 2:
        word = next(
            (
                letters[at : at + size]
                for size in range(min(watched.longest, len(letters) - at), 2, -1)
                if letters[at : at + size] in watched.words
            ),
            None,
        )
        if word is None:
            at += 1
            continue
        yield run[at][0], run[at + len(word) - 1][0] + 1, word, "joined"
        at += len(word)


def _split(tokens: Sequence[Placed], index: int, accents: str, watched: Watch, *, bare: bool) -> tuple[int, str] | None:
    """The last token of two or three that together are one watched word, and the word."""
    begin, first = tokens[index]
    word = first.text
    if len(word) > watched.longest or not word.isalnum():
        return None
    for last in range(index + 1, min(index + 3, len(tokens))):
        start, token = tokens[last]
        word += token.text
        if len(word) > watched.longest or not token.text.isalnum():
            return None
        plain = accents[begin : start + len(token.text)].isascii()
        if word not in watched.whole:
            apart = last == index + 1 and not (first.known and token.known)
            near = _near_pair(first.text, token.text) if apart else None
            if near is not None and plain:
                return last, near
            continue
        if not plain:
            return None
        pieces = [token.text for _, token in tokens[index : last + 1]]
        # Two plain syllables side by side are a word only in a text that is otherwise typed with accents.
        if bare and all(map(is_syllable, pieces)):
            return None
        if " ".join(pieces) in watched.spellings:
            return None
        return last, word
    return None


@lru_cache(maxsize=1 << 15)
def _near_pair(left: str, right: str) -> str | None:
    """The watched word that two pieces spell with a slip or a letter repeated."""
    watched = watch()
    word = left + right
    if not word.isalpha() or any(one in watched.spellings or one in watched.words for one in (left, right)):
        return None
    if RUN.search(word) and (found := watched.squeezed.get(squeeze(word))) is not None:
        return found
    return watched.misspelt(word)
