"""Whether a post asks for something or hires, by how much its words say so; what it offers is read elsewhere."""

from __future__ import annotations

import re

from counterfoil.language.normalise import accented, fold

# Weights: 2 decides by itself, 1 needs another. The words are those of people who look for goods, rooms or hands.
_ASKS = (
    (
        r"(?:cần|muốn|đang cần|đang tìm) (?:gấp )?(?:tìm |kiếm )?(?:mua|thuê|thu|tìm|kiếm|săn)|tìm mua|kiếm mua"
        r"|thu mua|săn mua",
        2,
    ),
    (r"(?:cần|đang|mình|em) (?:tìm|kiếm)|tìm (?:lại |thuê )?(?:phòng|nhà|trọ|chỗ|xe|người bán|đồ)|hóng (?:ai|pass)", 2),
    (
        r"(?:ai|bạn nào|mom nào|mẹ nào|shop nào|nhà nào|có ai)(?: \w+){0,3} (?:bán|pass|nhượng"
        r"|để lại)(?: \w+){0,8} (?:không|ko|k|hông|hok|kg|hem)(?!\w)",
        2,
    ),
    (
        r"ai (?:có )?(?:bán|pass|để lại)|có ai (?:bán|pass)|(?:mua|bán) ở đâu|ở đâu bán|chỗ nào bán|shop nào bán|ai biết",
        2,
    ),
    (
        r"(?:cho (?:em|mình|e|m|tôi|hỏi)|xin)(?: \w+){0,1}? ?(?:hỏi|review|giá|rv)|tư vấn giúp (?:em|mình)|wtb"
        r"|want to buy|looking for|iso|cần order hộ",
        2,
    ),
    (
        r"(?:để lại|nhượng|bán lại|pass|để|share)(?: lại)? cho (?:mình|em|tôi|tui|e|m|mk)(?!\w)|tặng miễn phí"
        r"|cho tặng|tặng lại|không lấy tiền",
        2,
    ),
    (
        r"tìm (?:bạn|người|nữ|nam)(?: \w+){0,2} (?:ở ghép|share|ở cùng)|(?:để|cho|share)(?: lại)?(?: cho)? (?:em"
        r"|mình) (?:xin )?\d+ (?!k|tr|n|đ|c)\w|rơi (?:ở|mất)|nhặt được|tìm lại",
        1,
    ),
    (r"(?:có|còn) (?:ai|bác|bạn|anh|chị|mom|mẹ|ae|nhà|shop)(?: nào)?(?: \w+){1,12} (?:không|ko|hông|hem)(?!\w)", 1),
    (r"tìm (?:bạn|người|nữ|nam)(?: \w+){0,2} (?:ở ghép|share|ở cùng)|tìm lại chủ", 1),
    (r"tầm (?:giá|\d)|ngân sách|tài chính|đổ lại|trở xuống|quay đầu|giúp (?:em|mình) với", 1),
)
_HIRES = (
    (r"tuyển(?: \w+){0,3} (?:nhân viên|nhân sự|nv|ctv|cộng tác viên|đại lý|sỉ|người|thợ|bạn|mẫu|shipper|phụ|lao động"
     r"|gấp|dụng|nam|nữ)|cần tuyển", 2),
    (r"(?:tìm|cần)(?: \w+){0,2} (?:mẫu chụp|mẫu ảnh|người làm|người phụ|nhân viên|thợ|ctv|cộng tác viên|bạn phụ"
     r"|phụ bếp|bảo mẫu)|việc làm|tuyển dụng", 2),
    (r"lương (?:cứng|từ|cơ bản|tháng|\d)|thù lao|hoa hồng|part ?time|full ?time|ca (?:sáng|chiều|tối)|phỏng vấn"
     r"|ứng tuyển|thử việc", 1),
)  # fmt: skip
# Posts that tell or teach something, where no price is asked.
_TELLS = (
    (
        r"hướng dẫn|cách (?:phân biệt|chọn|làm|nhận biết|bảo quản|giặt|sử dụng)|phân biệt|mẹo|kinh nghiệm|minigame"
        r"|mini game|bốc thăm|cảnh báo|bị lừa"
        r"|chia sẻ (?:với|cho|cách)|thông báo|chúc mừng|nghỉ (?:lễ|tết|bán)|lịch học|lịch làm",
        2,
    ),
)
# `Bạn nào cần mua ib` is how a seller speaks to buyers.
_CALLED = re.compile(
    r"(?<!\w)(?:ai|nào|khách|chị em|các mẹ|các bạn|mọi người|mn|mng|mom|anh em|ae|bác|quý khách|bạn|cả nhà|nếu)"
    r"(?: (?:ơi|có|đang|muốn|mà|thì|nhu cầu)){0,2} $"
)
_DECIDES, _SELLING = 2, 2
_SELLS_FIRST = re.compile(
    r"\W*(?:em |mình |e |m |cần |mk |nhà em |shop )*(?:bán|pass|thanh lý|nhượng|sang lại|ban|thanh ly)(?!\w)(?! (?:ở"
    r"|cho|cái gì))"
)


def _compiled(cues: tuple[tuple[str, int], ...], *, folded: bool) -> list[tuple[re.Pattern[str], int]]:
    return [
        (re.compile(rf"(?<!\w)(?:{fold(words).text if folded else words})(?!\w)"), weight) for words, weight in cues
    ]


# The same words with and without their accents.
_CUES = {plain: [_compiled(cues, folded=plain) for cues in (_ASKS, _HIRES, _TELLS)] for plain in (False, True)}
_CALLS = {False: _CALLED, True: re.compile(fold(_CALLED.pattern).text)}


def asks(text: str) -> bool:
    """Whether the opening of a post says that its writer wants to buy, rent or know something."""
    return _weigh(text, 0) >= (_DECIDES + _SELLING if _SELLS_FIRST.match(accented(text).text) else _DECIDES)


def hires(text: str) -> bool:
    """Whether the opening of a post looks for people to work."""
    return _weigh(text, 1) >= _DECIDES


def tells(text: str) -> bool:
    """Whether the opening of a post teaches, warns or announces; it offers nothing then unless it asks a price."""
    return _weigh(text, 2) >= _DECIDES


def _weigh(text: str, which: int) -> int:
    plain = text.isascii()
    seen = accented(text).text
    total = 0
    for place, (pattern, weight) in enumerate(_CUES[plain][which]):
        for found in pattern.finditer(seen):
            # Only to want something can be said of the reader: the first two kinds of words of those that ask.
            if which or place > 1 or not _CALLS[plain].search(seen[max(0, found.start() - 24) : found.start()]):
                total += weight
                break
    return total
