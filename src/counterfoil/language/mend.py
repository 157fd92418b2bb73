"""Disguised words put right: d.i.o.r, cha nel, r3p, fakeee, chanei.

Only words that some list watches for are mended, so that `size S M L XL`, `350k` and model numbers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from counterfoil.language.compact import Repair, find_wholes
from counterfoil.language.normalise import Folded
from counterfoil.language.syllable import has_odd_accents, is_syllable, is_well_spelt
from counterfoil.language.watch import Watch, squeeze, watch

How = Literal["joined", "split", "apart", "leet", "repeated", "misspelt"]


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
_TOKEN = re.compile(r"[^\s\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+")
_CORE = re.compile(r"[a-z0-9@$!€](?:.*[a-z0-9@$!€])?", re.DOTALL)
_SINGLE = re.compile(r"[a-z0-9@$]")
_NOT_LETTERS = re.compile(r"[^a-z0-9@$!€]+")
_INITIALS = re.compile(r"[a-z](?:[^a-z0-9\s][a-z]){1,2}")
_RUN = re.compile(r"([a-z])\1\1")
_QUOTES = ".,:;()[]'\""
_MAX_TOKEN = 40
_LEET = str.maketrans("03457@$89€!", "oeastasbgei")
# A price, a size or a model: `100k`, `aj1`, `mau110`.
_MEASURE = re.compile(r"[0-9]+[a-z]{1,2}|[a-z]{2}[0-9]|[a-z]{1,5}[0-9]{2,}|[0-9]{3,}[a-z]+")
_SIGNS = re.compile(r"[0-9@$!€]")


def mend(plain: Folded, written: Folded, typed: str) -> tuple[Folded | None, tuple[Mending, ...]]:
    """The text with disguised watch-words put right, and where they stand; (None, ()) where there is none.

    `plain` and `written` are the folded and the accented view of one text, `typed` the letters of the first with accents.
    """
    tokens = list(_TOKEN.finditer(plain.text))
    accents = _accented_origins(written)
    wholes = find_wholes(plain.text, typed)
    found = list(_mended(plain, tokens, accents, typed))
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
    if _RUN.search(shown):
        return "repeated"
    if _SIGNS.sub("", shown) != shown and not _SIGNS.search(repair.words):
        return "leet"
    return "misspelt"


def _accented_origins(written: Folded) -> frozenset[int]:
    """Where letters with accents stand in the raw text."""
    if written.text.isascii():
        return frozenset()
    return frozenset(at for char, at in zip(written.text, written.origin, strict=True) if not char.isascii())


def _mended(
    plain: Folded, tokens: list[re.Match[str]], accents: frozenset[int], typed: str
) -> Iterator[tuple[int, int, str, How]]:
    """Spans of the folded text in order, the word each one hides, and how."""
    watched = watch()
    text, origin = plain.text, plain.origin
    index = 0
    while index < len(tokens):
        token = tokens[index]
        start, end = token.span()
        if end - start == 1 and _SINGLE.fullmatch(text, start, end):
            last = index
            while last + 1 < len(tokens) and _is_single(tokens[last + 1], text):
                last += 1
            if last - index >= 2:
                yield from _joined(tokens[index : last + 1], watched)
                index = last + 1
                continue
        has_accents = not accents.isdisjoint(origin[start:end]) if accents else False
        # Accents that no Vietnamese word bears tell nothing of what word it is.
        is_word = has_accents and not has_odd_accents(typed[start:end].strip(_QUOTES), token[0].strip(_QUOTES))
        found = _of_token(token[0], is_word) if end - start <= _MAX_TOKEN else None
        if found is not None:
            left, right, word, how = found
            yield start + left, start + right, word, how
        elif not has_accents and index + 1 < len(tokens):
            pair = _split(tokens, index, plain, accents, watched)
            if pair is not None:
                last, word = pair
                yield start, tokens[last].end(), word, "apart" if word in watched.not_split else "split"
                index = last
        index += 1


def _is_single(token: re.Match[str], text: str) -> bool:
    return token.end() - token.start() == 1 and _SINGLE.fullmatch(text, token.start(), token.end()) is not None


def _joined(run: list[re.Match[str]], watched: Watch) -> Iterator[tuple[int, int, str, How]]:
    """Watched words spelled one letter at a time, the longest first."""
    letters = "".join(token[0] for token in run).translate(_LEET)
    if (slip := watched.misspelt(letters)) is not None:
        yield run[0].start(), run[-1].end(), slip, "joined"
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
        yield run[at].start(), run[at + len(word) - 1].end(), word, "joined"
        at += len(word)


@lru_cache(maxsize=1 << 15)
def _of_token(token: str, has_accents: bool) -> tuple[int, int, str, How] | None:
    """What a token hides: the span inside the token, the word, and how."""
    core = _CORE.search(token)
    if core is None:
        return None
    left, right, body = core.start(), core.end(), core[0]
    watched = watch()
    if body in watched.words:
        return None
    bare = _NOT_LETTERS.sub("", body)
    if bare != body:
        if bare in watched.strong or (bare.isalpha() and bare in watched.words and len(bare) >= 4):
            return None if body in watched.spellings else (left, right, bare, "joined")
        if bare in watched.initials and _INITIALS.fullmatch(body) and body not in watched.spellings:
            return left, right, bare, "joined"
        for part in re.finditer(r"[a-z0-9@$!€]+", body):
            inner = _of_token(part[0], has_accents) if part[0] != body else None
            if inner is not None:
                return left + part.start() + inner[0], left + part.start() + inner[1], inner[2], inner[3]
        # d.1.o.r: separated and spelled with digits
        word = _leet(bare, separated=True) or (None if has_accents else watched.misspelt(bare))
        return None if word is None else (left, right, word, "joined")
    if (word := _leet(body)) is not None:
        return left, right, word, "leet"
    if _RUN.search(body) and (word := watched.squeezed.get(squeeze(body))) is not None:
        return left, right, word, "repeated"
    if has_accents or not body.isalpha():
        return None
    word = watched.misspelt(body)
    return None if word is None else (left, right, word, "misspelt")


def _leet(body: str, *, separated: bool = False) -> str | None:
    """The watched word that a token of letters and signs spells."""
    if (
        len(body) < 3
        or body.endswith("!!")
        or (not separated and _MEASURE.fullmatch(body))
        or not _SIGNS.search(body)
        or not any(map(str.isalpha, body))
    ):
        return None
    watched = watch()
    once = body.translate(_LEET)
    for one in ("i", "l"):
        word = once.replace("1", one)
        if word in watched.words:
            return word
        if len(word) >= 5 and (near := watched.squeezed.get(squeeze(word))) is not None:
            return near
    return None


def _split(
    tokens: list[re.Match[str]], index: int, plain: Folded, accents: frozenset[int], watched: Watch
) -> tuple[int, str] | None:
    """The last token of two or three that together are one watched word, and the word."""
    word = tokens[index][0]
    if len(word) > watched.longest or not word.isalnum():
        return None
    for last in range(index + 1, min(index + 3, len(tokens))):
        piece = tokens[last][0]
        word += piece
        if len(word) > watched.longest or not piece.isalnum():
            return None
        if word not in watched.whole:
            near = _near_pair(tokens[index][0], piece) if last == index + 1 else None
            if near is not None and accents.isdisjoint(plain.origin[tokens[index].start() : tokens[last].end()]):
                return last, near
            continue
        pieces = [token[0] for token in tokens[index : last + 1]]
        if accents and not accents.isdisjoint(plain.origin[tokens[index].start() : tokens[last].end()]):
            return None
        # Two plain syllables side by side are a word only in a text that is otherwise typed with accents.
        if all(map(is_syllable, pieces)) and not accents:
            return None
        if " ".join(pieces) in watched.spellings:
            return None
        return last, word
    return None


@lru_cache(maxsize=1 << 15)
def _near_pair(left: str, right: str) -> str | None:
    """The watched word that two pieces spell with a slip or a letter repeated, where one of them is no word."""
    watched = watch()
    if all(is_well_spelt(one, one) or one in watched.stop or one in watched.spellings for one in (left, right)):
        return None
    word = left + right
    if not word.isalpha() or any(one in watched.spellings or one in watched.words for one in (left, right)):
        return None
    if _RUN.search(word) and (found := watched.squeezed.get(squeeze(word))) is not None:
        return found
    return watched.misspelt(word)
