"""Which part of a line names the goods: without its bullet, its prices and what is said around them."""

from __future__ import annotations

import re
import unicodedata

from counterfoil.language.contact import MASK
from counterfoil.language.normalise import fold
from counterfoil.language.posts.lines import Line

_LONGEST = 300
# Words before a price that belong to it, and what a line says before it names anything.
_LEADS = re.compile(
    r"(?:[\W_]|(?<!\w)(?:gia|chi|con|sale|off|ban|fix|chot|gia sale|only|price|dong gia|nay|tu|khoang|tam|le|si"
    r"|uu dai|soc|re|thanh ly|goc|cu|niem yet|hang|dang|hien|duy nhat|voi|la|co)(?!\w))+$"
)
_OPENERS = re.compile(
    r"^(?:[\W_]|(?:em can |minh can |can |minh |em |shop )?(?:pass(?: lai| gap| nhanh| nhe| tay)?|thanh ly|ban lai"
    r"|ban|nhuong lai|de lai|xa(?= (?:hang|kho|lo|ton))|sale|hang ve|ve|co san|san)(?= )(?! (?:si|le)(?!\w)))+"
)


def title_span(line: Line) -> tuple[int, int]:
    """The span, in the post, of the name that a line gives to what it offers; the whole line where nothing is left."""
    if line.row is not None and line.row.name is not None:
        return line.row.name
    text = line.text
    bounds = [(0, len(text))]
    if line.prices:
        first, last = line.prices[0], line.prices[-1]
        bounds = [(0, first.start), (last.end, len(text))]
        if len(line.prices) > 1:
            bounds.insert(1, (first.end, line.prices[1].start))
    best = next((span for span in (_trimmed(text, *one) for one in bounds) if _letters(text[slice(*span)]) >= 2), None)
    start, end = best or _trimmed(text, 0, len(text), whole=True)
    if start >= end:
        start, end = 0, len(text)
    return line.body + start, line.body + min(end, start + _LONGEST)


def _trimmed(text: str, start: int, end: int, *, whole: bool = False) -> tuple[int, int]:
    masked = text.find(MASK * 4, start, end)
    if masked > start and _letters(text[start:masked]) >= 4:
        end = masked
    if not whole:
        folded = fold(text[start:end])
        tail = _LEADS.search(folded.text)
        if tail is not None and _letters(folded.text[: tail.start()]) >= 2:
            end = start + folded.span(tail.start(), len(folded.text))[0]
        folded = fold(text[start:end])
        lead = _OPENERS.match(folded.text)
        if lead is not None and _letters(folded.text[lead.end() :]) >= 3:
            start += folded.span(lead.end(), len(folded.text))[0]
    while start < end and not (text[start].isalnum() or text[start] in "([\"'"):
        start += 1
    while end > start and not (
        text[end - 1].isalnum() or text[end - 1] in ")]\"'%!" or unicodedata.category(text[end - 1])[0] == "M"
    ):
        end -= 1
    return start, end


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
