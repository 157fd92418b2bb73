"""What an amount in a post is for: the price that is asked, or what was once paid, a fee, a wage, a step of an auction.

The nearest word that says so decides, within the clause the amount stands in. The words are written with their accents
and are read so where a line has any: `bớt 20k` lowers a price, `bột 20k` is flour.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from counterfoil.language.normalise import accented, fold

Use = Literal["asked", "paid", "other"]

_ASKED = (
    "giá|giá chỉ|giá còn|chỉ|chỉ còn|còn|bán|bán lại|pass|pass lại|để|để lại|để giá|nhượng|sale|sale còn|đồng giá|thanh lý"
    "|mua ngay|bin|chốt|fix|mua lẻ|giá lẻ|giá gom|giá mới|giá sale|price|tổng|bao|học phí|hôm nay|nay|giờ|live"
)
# What something cost once or costs elsewhere: not asked where the line states another amount.
_PAID = (
    "mua|lúc mua|hồi mua|mua mới|mua gốc|mua hết|mua tận|mua giá|giá mua|giá lúc mua|nhập|giá nhập|mua về|order về"
    "|trước bán|giá trước"
    "|giá trên web|trên web|trên mạng|ngoài chợ|ngoài tiệm|ngoài shop|trên shopee|ngoài hàng|giá thị trường|giá ngoài"
    "|giá shop|hãng bán|store bán|hãng|giá niêm yết|bên ngoài|ngoài kia|chỗ khác|nơi khác|người ta bán|giá tag"
    "|trên tag|trị giá|giá bìa|market price|retail"
)
_OTHER = (
    "bớt|bớt thêm|fix thêm|trừ|trừ thẳng|lương|lương cứng|lương từ|thù lao|thưởng|hoa hồng|công|tiền công|lấy công"
    "|xăng|tiền xăng|bước giá"
    "|bước nhảy|shot|shots|shutter|odo|chụp|đã chạy|tiền nhà|tiền thuê|tiền điện|mặt bằng|bước|khởi điểm"
    "|giá khởi điểm|giá sàn|start|step|cọc|đặt cọc|cọc trước|phí|phụ phí|phụ thu|góp|trả góp|trả trước|mỗi tháng"
    "|lãi|lời|thu nhập|kiếm|ngân sách|tiền ship|ship|hoàn|hoàn lại|đền|phạt|tặng|tặng voucher|giảm|giảm ngay"
    "|giảm thêm|voucher|mã"
    "|đơn từ|đơn trên|hóa đơn từ|bill từ|từ đơn|deposit|discount|minus|ít nhất|doanh thu|doanh số|quỹ|tiết kiệm"
    "|rẻ hơn|hơn giá"
)
_GROUPS: tuple[tuple[Use, str], ...] = (("asked", _ASKED), ("paid", _PAID), ("other", _OTHER))
_AFTER = re.compile(r" (?:tiền|phí) (?:ship|cọc|công|xăng)(?!\w)| (?:off|voucher)(?!\w)")
_PAID_AFTER = re.compile(
    r" ?\(?(?:lúc mua|hồi mua|giá gốc|giá cũ|trước đây)(?!\w)| ?(?:/|1|một|mỗi) ?(?:tháng|buổi|giờ|ca)(?!\w)"
)
# What is asked for all of it together: no price of one thing beside those of its parts.
_TOGETHER = re.compile(
    r"(?<!\w)(?:(?:lấy|mua|ôm|bao|chốt|múc|hốt)(?: luôn)? (?:cả|hết|trọn|nguyên|full)|cả (?:bộ|cặp|set|hai|2|3|combo|lô))"
    r"(?: [^\W\d]+){0,4} ?\d? ?(?:[^\W\d]+ )?[:=\-–]? ?$"
)
# Everyday words once their accents are gone, where only the amount itself may follow.
_CLOSE = frozenset(
    {"bot", "cong", "le", "ma", "hoan", "giam", "phi", "lai", "loi", "tang", "hang", "thuong", "bao", "de", "con"}
)
_CLAUSE = re.compile(r"[.,;!?()\n|](?!\d)")
_WORD = re.compile(r"[^\W_]+")
# More words than this between the two, and the one says nothing about the other.
_FAR = 3


def _compiled(folded: bool) -> re.Pattern[str]:
    named = [(use, fold(words).text if folded else words) for use, words in _GROUPS]
    every = sorted(((word, use) for use, words in named for word in words.split("|")), key=lambda one: -len(one[0]))
    parts = (rf"(?P<{use}{place}>{re.escape(word)})" for place, (word, use) in enumerate(every))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


_TOGETHER_FOLDED = re.compile(
    r"(?<!\w)(?:lay|mua|om|bao|chot|muc|hot)(?: luon)? (?:ca|het|tron|nguyen"
    r"|full)(?: [a-z]+){0,4} ?\d? ?(?:[a-z]+ )?[:=\-]? ?$"
)
_WRITTEN, _FOLDED = _compiled(folded=False), _compiled(folded=True)


def use_of(line: str, start: int, end: int, since: int = 0) -> Use:
    """What the amount at `[start, end)` of a line is for; `since` is where the amount before it ends."""
    before, after = line[max(since, start - 48) : start], line[end : end + 24]
    plain = not any(unicodedata.category(char)[0] == "L" and not char.isascii() for char in line)
    text = fold(before).text if plain else accented(before).text
    text = _CLAUSE.split(text)[-1]
    follows = accented(after).text
    if (_TOGETHER_FOLDED if plain else _TOGETHER).search(text):
        return "paid"
    if _AFTER.match(follows):
        return "other"
    if _PAID_AFTER.match(follows):
        return "paid"
    if text.strip() == "tag":
        return "paid"
    cues = list((_FOLDED if plain else _WRITTEN).finditer(text))
    cue = cues[-1] if cues else None
    if cue is None or cue.lastgroup is None:
        return "asked"
    between = _WORD.findall(text[cue.end() :])
    if len(between) > (0 if plain and cue[0] in _CLOSE else _FAR) or any(word.isdigit() for word in between):
        return "asked"
    return next(use for use, _ in _GROUPS if cue.lastgroup.startswith(use))
