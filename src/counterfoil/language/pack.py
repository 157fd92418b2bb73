"""How many pieces one price buys, and how much is in each, as a title says: `combo 3`, `2 tặng 1`, `100ml x 2`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from counterfoil.language.amount import spelled
from counterfoil.language.normalise import Folded


@dataclass(frozen=True, slots=True)
class Pack:
    """`quantity` pieces paid for and `free` ones on top, each holding `content` of `unit`; the raw span that says so.

    Units are `ml`, `g`, `viên` and `tờ`; litres and kilograms are turned into the first two.
    """

    quantity: int
    free: int
    content: Decimal | None
    unit: str | None
    start: int
    end: int


_PIECES = "doi|cap|cai|chiec|hop|chai|tuyp|cuon|quyen|thoi"
# These mean too much else to stand alone (`gối`, `túi`, `lỗ`, `sọc 2 cây`, the `2 miếng` of one pair).
_HELD = f"{_PIECES}|mieng|cay|goi|tui|lo|hu|lon|que|ong|bich|vi|thanh|banh|loc"
_SPELLED = {
    "doi": "đôi", "cap": "cặp", "cai": "cái", "chiec": "chiếc", "hop": "hộp", "cuon": "cuốn", "quyen": "quyển",
    "mieng": "miếng", "thoi": "thỏi", "cay": "cây", "goi": "gói", "tui": "túi", "hu": "hũ", "tuyp": "tuýp", "loc": "lốc",
    "bo": "bộ", "vien": "viên", "to": "tờ", "thung": "thùng", "ong": "ống", "bich": "bịch", "vi": "vỉ", "si": "sỉ",
    "banh": "bánh",
}  # fmt: skip
# Not `3-5`, `3/5`, `3 hoặc 5`, `3.5`, `3%`: these are choices and other numbers.
_ALONE = r"(?![\w%]|[.,:][0-9]| ?[/\-–~x×*+] ?[0-9]| (?:hoac|hay|den|toi) [0-9])"
_CONTENT = r"[0-9]{1,4}(?:[.,][0-9]{1,2})?"
_UNITS = "ml|l|g|gr|gram|kg|vien"

_FREE = re.compile(
    r"(?<![\w.,/])(?:mua |combo )?(?P<n>[1-9][0-9]?) (?:(?:doi|cai|chiec|hop|chai|goi|tuyp) )?tang (?:them )?(?P<free>[1-9])"
    r"(?= ?(?:$|[^\w\s%])| (?:cung loai|freeship)\b)"
)
_TIMES = re.compile(
    rf"(?<![\w.,])(?:(?P<c>{_CONTENT}) ?(?P<unit>{_UNITS}) ?[x×*] ?(?P<n>[1-9][0-9]{{0,2}})(?: ?(?:{_HELD}))?"
    rf"|(?P<n2>[1-9][0-9]{{0,2}}) ?(?:(?:{_HELD}) )?[x×*] ?(?P<c2>{_CONTENT}) ?(?P<unit2>{_UNITS}))"
    r"(?![\w%²³]|[.,][0-9]| ?[x×*])"
)
_BOXED = re.compile(
    rf"(?<!\w)(?P<box>combo|pack|set|bo|loc|thung|hop|lo|tui|vi|goi|bich|si) (?P<n>[1-9][0-9]{{0,2}})"
    rf"(?: ?(?P<piece>{_HELD})(?!\w))?{_ALONE}(?: (?P<inner>[1-9][0-9]?) (?:goi|hop|chai|mieng|cai|chiec)(?!\w){_ALONE})?"
)
_COUNTED = re.compile(rf"(?<![\w.,/:\-+])(?P<n>[1-9][0-9]{{0,2}}) ?(?P<piece>{_PIECES})(?!\w){_ALONE}")
_BRACKETED = re.compile(r"[(\[] ?[x×] ?(?P<n>[1-9][0-9]{0,2}) ?[)\]]")
_HOLDING = re.compile(
    r"(?<![\w.,/\-–])(?P<box>(?:hop|lo|hu|chai|vi|goi|tui|lon|can|tuyp|bich) )?"
    rf"(?P<c>{_CONTENT}) ?(?P<unit>{_UNITS}|to)(?![\w%²³/]|[.,:][0-9]| ?[\-–x×*+/] ?[0-9])"
)

# What a pattern needs somewhere: these begin with a set of characters, so that they pass over all others fast.
_TIMES_FIRST = re.compile(r"[x×*] ?[0-9]")
_BOX_FIRST = re.compile(r"[oktcgpih] [1-9]")
_COUNTED_FIRST = re.compile(rf"[0-9] ?(?:{_PIECES})")
_HELD_FIRST = re.compile(rf"[0-9] ?(?:{_UNITS}|to)")

_SCALE = {"l": ("ml", 1000), "kg": ("g", 1000), "gr": ("g", 1), "gram": ("g", 1), "vien": ("viên", 1), "to": ("tờ", 1)}
_MEMORY = {16, 32, 64, 128, 256, 512}

_GIFT = re.compile(r"(?<!\w)(?:tang|tang kem|kem|kem theo|moi|mua|tu) $")
# Before a count: the condition of an offer, a gift, a stock, another number's name.
_NOT_SOLD = re.compile(
    r"(?<!\w)(?:tu|moi|mua|giam|con|con lai|ban|tang|kem|theo|size|sz|toi thieu|it nhat|toi da|dung|chua|de|treo|duoc|thay|doi|gia|"
    r"trong|hon|tren|duoi|max|va|hoac|hay|lop|tap|loai|so|thu|gom|combo|set|bo|loc|thung|hop|pack|nhan|them|voi|len|[0-9]+) $"
)
_HOLDER = re.compile(
    r"(?<!\w)(?:ke|khay|tu (?:giay|dep|quan ao|nhua)|gia (?:de|treo|giay)"
    r"|(?:hop|tui|thung|vali|balo|ngan|kep) (?:dung|chua|de))(?!\w)"
)
_NOT_A_PACK = re.compile(
    r" ?(?:\+|&)| ?in ?[0-9]| (?:mon|chi tiet|manh|ngan|tang|lop|cap|mau|kieu|loai|"
    r"size|nguoi|cho|trong|trieu|tr|k|nghin|kg|g|gr|ml|"
    r"l|lit|m|cm|mm|inch|w|v|gb|mah|nam|thang|ngay|gio|tuoi|be|do|thu|trang|bong|"
    r"tro len|giam|tinh|duoc|mien phi|doi 1|in|sac|tac dung)\b"
)
_OF_LEVELS = re.compile(r"(?<!\w)(?:may|loc|xe|quat|so|cap do|level|toc do|binh|hoc|si quan)(?!\w)")
_SUIT = re.compile(r"(?<!\w)(?:ao|vay|quan|do|dam|vest|bikini|suit|yem|croptop|pijama|chan|ga|drap|noi|ban|ghe)(?!\w)")
_SOLD_SINGLY = re.compile(r" (?:son|mat na|tat|vo|quan lot|ao lot|khau trang|khan|but|kem|sua|nuoc hoa|serum|dau|mi)\b")
_END = re.compile(r" ?(?:$|[^\w\s%+&])")
_NO_GOODS = re.compile(
    r"(?<!\w)(?:pin|khay|khuon|tu lanh|den|led|the nho|usb|tai trong|balo|noi|may|binh|can nang|nang|ram|dung tich|bong|vai)(?!\w)"
)


def read_pack(text: Folded, written: Folded | None = None) -> Pack | None:
    """The pack a folded title speaks of; None when it names none, or several that do not agree.

    `written` is its view with accents, if at hand: with it `9 cấp` are no pairs (`cặp`).
    """
    if not any(digit in text.text for digit in "123456789"):
        return None
    counts: list[tuple[int, int, int, int]] = []
    contents: dict[tuple[Decimal, str], tuple[int, int]] = {}
    for start, end, quantity, free, content in _parts(text, written):
        if content is not None:
            contents.setdefault(content, (start, end))
        # The inside of what was read already, such as the `3 hộp` of `combo 3 hộp`, is no second count.
        if (content is None or quantity > 1) and not any(start < one[3] and one[2] < end for one in counts[-8:]):
            counts.append((quantity, free, start, end))
    several = [one for one in counts if one[:2] != (1, 0)] or counts
    if len({one[:2] for one in several}) > 1:
        return None
    amount, unit = next(iter(contents)) if len(contents) == 1 else (None, None)
    if several:
        quantity, free, start, end = min(several, key=lambda one: one[2])
        return Pack(quantity, free, amount, unit, *text.span(start, end))
    return Pack(1, 0, amount, unit, *text.span(*next(iter(contents.values())))) if unit is not None else None


_Part = tuple[int, int, int, int, tuple[Decimal, str] | None]


def _parts(text: Folded, written: Folded | None) -> Iterator[_Part]:
    """Start, end, quantity, free pieces and content of each thing said, the surest kinds first."""
    for found in _FREE.finditer(text.text) if "tang" in text.text else ():
        yield (*found.span(), int(found["n"]), int(found["free"]), None)
    for found in _TIMES.finditer(text.text) if _TIMES_FIRST.search(text.text) else ():
        content = _content(found["c"] or found["c2"], found["unit"] or found["unit2"])
        yield (*found.span(), int(found["n"] or found["n2"]), 0, content)
    for found in _BRACKETED.finditer(text.text):
        yield (*found.span(), int(found["n"]), 0, None)
    for found in _BOXED.finditer(text.text) if _BOX_FIRST.search(text.text) else ():
        if _means(text, written, found, "box", "piece") and _is_boxed(found, text.text):
            yield (*found.span(), int(found["n"]) * int(found["inner"] or 1), 0, None)
    for found in _COUNTED.finditer(text.text) if _COUNTED_FIRST.search(text.text) else ():
        if _means(text, written, found, "piece") and _is_counted(found, text, written):
            yield (*found.span(), int(found["n"]), 0, None)
    if not _HELD_FIRST.search(text.text):
        return
    goods = not _NO_GOODS.search(text.text)
    for found in _HOLDING.finditer(text.text):
        content = _content(found["c"], found["unit"])
        if content is not None and _means(text, written, found, "unit") and _is_holding(found, content[0], goods=goods):
            yield (found.start("c"), found.end(), 1, 0, content)


def _means(text: Folded, written: Folded | None, found: re.Match[str], *groups: str) -> bool:
    """Whether no word, where its accents are written, is another word than the one meant."""
    for group in groups:
        word = found[group]
        if word in _SPELLED and spelled(text, written, *found.span(group)) not in {None, word, _SPELLED[word]}:
            return False
    return True


def _is_boxed(found: re.Match[str], text: str) -> bool:
    box, piece = found["box"], found["piece"]
    before, after = text[max(0, found.start() - 16) : found.start()], text[found.end() : found.end() + 16]
    if _GIFT.search(before) or _NOT_A_PACK.match(after) or found["n"] == "1":
        return False
    if (piece == "mieng" and found["n"] == "2") or (piece == "cap" and box == "loc"):
        return False  # the two of one pair; the stages of a filter
    if box in {"combo", "pack"}:
        return True
    if box in {"set", "bo"}:
        singly = piece or _SOLD_SINGLY.match(after)
        return bool(
            singly or (_END.match(after) and not _SUIT.search(text[max(0, found.start() - 80) : found.end() + 80]))
        )
    return piece is not None or (
        box in {"loc", "thung"} and bool(_END.match(after)) and not re.search(r"\b(?:bo|may) $", before)
    )


def _is_counted(found: re.Match[str], text: Folded, written: Folded | None) -> bool:
    before, after = text.text[max(0, found.start() - 64) : found.start()], text.text[found.end() : found.end() + 16]
    if _NOT_SOLD.search(before[-16:]) or _HOLDER.search(before) or _NOT_A_PACK.match(after):
        return False
    if found["piece"] == "doi" and re.match(r" ?[0-9]", after):
        return False  # 1 đổi 1
    accents = spelled(text, written, *found.span("piece"))
    return found["piece"] != "cap" or accents == "cặp" or not _OF_LEVELS.search(before)


def _is_holding(found: re.Match[str], amount: Decimal, *, goods: bool) -> bool:
    boxed, unit = found["box"] is not None, found["unit"]
    if unit in {"l", "kg", "to"}:
        return boxed and goods
    if unit in {"g", "gr", "gram"}:  # `5g` is a network, `64g` a memory
        return goods and (boxed or (amount >= 10 and amount not in _MEMORY))
    return goods or (boxed and unit == "vien")


def _content(number: str, unit: str) -> tuple[Decimal, str] | None:
    name, scale = _SCALE.get(unit, (unit, 1))
    amount = Decimal(number.replace(",", ".")) * scale
    return (amount.normalize() + 0, name) if amount > 0 else None
