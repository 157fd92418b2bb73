"""Prices spoken in words, as a livestream's transcript has them: `ba trăm năm chục`, `hai củ rưỡi`, `trăm rưỡi`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from counterfoil.language.amount import MoneyMention
from counterfoil.language.normalise import accented

_DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_MILLION = frozenset({"triệu", "củ", "chai"})
_HUNDRED = frozenset({"trăm", "lít", "lốp", "sọi"})
_TENS = frozenset({"chục", "mươi"})
_THOUSAND = frozenset({"nghìn", "ngàn", "k", "cành"})
_ZERO = frozenset({"lẻ", "linh"})
_WORDS = {*_DIGITS, *_MILLION, *_HUNDRED, *_TENS, *_THOUSAND, *_ZERO, "mười", "rưỡi"}
_TOKEN = re.compile(r"[^\W_]+")
_BEFORE = re.compile(
    r"(?<!\w)(?:giá|chỉ|còn|có|bán|lấy|sale|chốt|đúng|tầm|khoảng|là|nhẹ|xuống|thanh lý|pass|mỗi em|mỗi cái|với|em này"
    r"|con này)(?: (?:là|chỉ|còn|có|khoảng|tầm|đúng|luôn|đâu|nhẹ|này|thôi)){0,2}[ :,]*$"
)
_AFTER = re.compile(
    r"\s*(?:$|[.,!?;:)/\n]|(?:một|1) (?:cái|đôi|chiếc|em|bộ|set|hộp|chai|con|cặp)|đồng|thôi|nha|nhé|nhá|ạ|luôn|cả nhà"
    r"|các|cho|mình|freeship|bao ship|chị|"
    r"số|sang|qua|mẫu|mã|tiếp|rồi|còn|bạn|ai|chốt|em|shop|à|hen|nè|này|và|size|màu|đôi|cái|chiếc|một|fix|bao|free|đó"
    r"|là|nghe)(?!\w)"
)
_COUNTED = re.compile(
    r"\s*(?:người|khách|phần trăm|%|gam|gram|g|ml|mi li|cân|kí|ký|ki|lô|cm|phân|mét|trang|cái like|like|lượt|đơn|mắt"
    r"|view|tuổi|ngày|tháng|giờ|phút|giây|lần|mẫu|màu|độ|vôn|oát)(?!\w)"
)
_NOT_ASKED = re.compile(
    r"(?<!\w)(?:mã số|mẫu số|mã|mẫu|món"
    r"|trên web|trên mạng|ngoài chợ|bên ngoài|người ta bán|giảm|giảm thêm|giảm ngay|ship|phí ship|tiền ship|tặng|cọc"
    r"|giá gốc|gốc|giá cũ|giá hãng|ngoài shop"
    r"|trong store|ngoài tiệm|đơn từ|trên|voucher|thưởng|niêm yết)(?: (?:là|tới|đến|có|bán|giá))?[ :]*$"
)

# `đường kính hai mươi tư` is a size.
_MEASURED = re.compile(
    r"(?<!\w)(?:đường kính|cao|dài|rộng|nặng|size|số|bảo hành|tuổi|dày|đùi|eo|ngực|mông)(?: (?:là|tầm|khoảng))? *$"
)


_PIECES = re.compile(r"\s*(?:cái|đôi|chiếc|em|bộ|set|hộp|chai|con|cặp|lọ|gói|thùng|hũ|cây)(?!\w)")
_SIZES = _MILLION | _HUNDRED | _TENS | _THOUSAND | {"mười"}


def spoken_prices(text: str) -> tuple[MoneyMention, ...]:
    """The prices a text asks in words, with spans of the text; whole dong.

    Accents are needed: without them `nam tram` is also a name. A number that counts people, grams or minutes is none, nor
    is what a price was lowered by.
    """
    seen = accented(text)
    sized = any(
        word in seen.text for word in ("trăm", "chục", "mươi", "mười", "triệu", "củ", "nghìn", "ngàn", "lít", "lốp")
    )
    found = []
    for start, end in _runs(seen.text):
        said = _TOKEN.findall(seen.text, start, end)
        amount = _amount(said)
        before, after = seen.text[max(0, start - 32) : start], seen.text[end : end + 24]
        if amount is None or not 5_000 <= amount <= 2_000_000_000:
            continue
        if _COUNTED.match(after) or _NOT_ASKED.search(before):
            continue
        # A million or a thousand that is named counts money; a bare hundred may count anything.
        if (
            not (sized or _by_digits(said))
            or (amount < 100_000 and _MEASURED.search(before))
            or before.endswith("phần ")
        ):
            continue
        named = len(said) > 1 and not (_MILLION | _THOUSAND).isdisjoint(said)
        if _by_digits(said):
            named, after = False, "_"
        if named or _BEFORE.search(before) or _AFTER.match(after):
            raw_start, raw_end = seen.span(start, end)
            found.append(MoneyMention(Decimal(amount), Decimal(amount), "VND", raw_start, raw_end, "exact"))
    return tuple(found)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of number words, at least one of them spelled, that hold a word for a size."""
    run: list[re.Match[str]] = []

    def bounds() -> Iterator[tuple[int, int]]:
        last = run[-1] if run else None
        # `ba trăm một cái`: the last `một` counts pieces.
        if last is not None and len(run) > 1 and last[0] in ("một", "1") and _PIECES.match(text, last.end()):
            return _bounds(run[:-1])
        return _bounds(run)

    for match in _TOKEN.finditer(text):
        is_number = match[0] in _WORDS or (match[0].isdigit() and len(match[0]) <= 3)
        if run and (not is_number or text[run[-1].end() : match.start()].strip()):
            yield from bounds()
            run = []
        if is_number:
            run.append(match)
    yield from bounds()


def _bounds(run: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    if (
        run
        and (any(one[0] in _SIZES for one in run) or _by_digits([one[0] for one in run]))
        and not all(one[0].isdigit() for one in run)
    ):
        yield run[0].start(), run[-1].end()


def _by_digits(words: list[str]) -> bool:
    """`hai chín chín`: 299, said as its three digits."""
    return len(words) == 3 and all(word in _DIGITS for word in words) and words[0] != "không"


def _amount(words: list[str]) -> int | None:
    """Dong; hundreds and tens that name no thousand are thousands, as everybody says them."""
    if words == ["năm", "lít"] or not words:
        return 500_000 if words else None
    if _by_digits(words):
        return int("".join(str(_DIGITS[word]) for word in words)) * 1_000
    for place, word in enumerate(words):
        if word in _MILLION:
            millions = _below_thousand(words[:place]) if place else 1
            rest = words[place + 1 :]
            tail = _tail(rest)
            return None if millions is None or tail is None else millions * 1_000_000 + tail
    thousands = _below_thousand([word for word in words if word not in _THOUSAND])
    if thousands is None or (_THOUSAND & set(words) and words[-1] not in (*_THOUSAND, "rưỡi")):
        return None
    return thousands * 1_000


def _tail(words: list[str]) -> int | None:
    if not words:
        return 0
    if words == ["rưỡi"]:
        return 500_000
    if len(words) == 1 and (digit := _digit(words[0])) is not None:
        return digit * 100_000
    if len(words) == 2 and None not in (digits := [_digit(word) for word in words]) and words[0] not in _ZERO:
        return (digits[0] or 0) * 100_000 + (digits[1] or 0) * 10_000
    thousands = _below_thousand([word for word in words if word not in _THOUSAND])
    return None if thousands is None else thousands * 1_000


def _digit(word: str) -> int | None:
    if word.isdigit():
        return int(word) if len(word) == 1 else None
    return _DIGITS.get(word)


def _below_thousand(words: list[str]) -> int | None:
    """`ba trăm năm chục` 350, `trăm rưỡi` 150, `hai trăm chín` 290, `chín mươi chín` 99, `chín chín` 99."""
    if len(words) == 1 and words[0].isdigit():
        return int(words[0])
    for place, word in enumerate(words):
        if word in _HUNDRED:
            hundreds = _below_hundred(words[:place]) if place else 1
            rest = words[place + 1 :]
            if rest == ["rưỡi"]:
                small: int | None = 50
            elif len(rest) == 1 and (digit := _digit(rest[0])) is not None:
                small = digit * 10
            else:
                small = _below_hundred(rest) if rest else 0
            return None if hundreds is None or small is None else hundreds * 100 + small
    return _below_hundred(words)


def _below_hundred(words: list[str]) -> int | None:
    if len(words) == 1 and words[0].isdigit():
        return int(words[0])
    if words and words[0] in _ZERO:
        return _below_hundred(words[1:])
    if words[:1] == ["mười"]:
        one = _digit(words[1]) if len(words) == 2 else 0 if len(words) == 1 else None
        return None if one is None else 10 + one
    digits = [_digit(word) for word in words if word not in _TENS]
    tens = any(word in _TENS for word in words)
    if None in digits or len(digits) > 2 or not digits:
        return None
    if len(digits) == 2:
        return (digits[0] or 0) * 10 + (digits[1] or 0)
    return (digits[0] or 0) * (10 if tens else 1)
