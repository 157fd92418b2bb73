"""The folded words that tell a price from another number, and those that say a price is not shown.

Patterns that end in `$` are searched in the 32 characters before a number; those that are matched, just after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# ---- what makes a number a price ----

_FILLER = (
    "chi|con|tu|khoang|tam|la|lai|cho|luon|soc|re|sale|off|hon|gan|toi|nhe|co|dung|moi|san|shop|ban|pass|le|si|full|em|"
    "tot|uu|dai|deal|voi|mot|duoi|tren|chua|den|giam|hien|nay|het|rinh|ngay|khong"
)
BEFORE_PRICE = re.compile(
    r"(?<!\w)(?:gia|chi|con|sale|pass|fix|chot|ban|re|tam|khoang|duoi|tren|hon|xuong|mua|lay|rinh|only|price"
    rf")(?: (?:{_FILLER})){{0,3}} ?[:=~>\-–!]{{0,3}} ?$"
)
AFTER_PRICE = re.compile(
    r" ?/ ?(?:1 ?)?[a-z]| (?:1|mot|moi) (?:doi|cai|chiec|bo|set|hop|chai|cap|cay|goi|em)\b"
    r"| (?:fix|bao ship|free ?ship|thuong luong|tl|ck|con fix|ca ship|chua ship)\b"
)
END_OF_CLAUSE = re.compile(r" ?(?:$|[^\w\s%])")
BOUND = re.compile(r"(?<!\w)(?:tu|duoi|tren|hon|max|toi da)(?: chi| co)? ?$")
RANGED = re.compile(r" ?(?:[\-–—~]|den|toi) ?")
LOWERED = re.compile(
    r" ?(?:/ ?[a-z]{1,6})? ?(?:[-=]>|→|➡|➜|>{1,3}) ?(?:chi |con |sale ){0,2}"
    r"|(?: [a-z]{1,8}){0,2} (?:con|xuong|nay)(?: lai| chi| con| moi){0,2} ?[:=]? ?"
    r"| (?:sale|giam)(?: con| chi| soc)? ?[:=]? ?"
)

# ---- what makes it another amount than the one asked ----

NOT_ASKED = re.compile(
    r"(?<!\w)(?:da ban|giam(?: gia)?(?: ngay| toi| den| them| lien| sau| toi da)?|voucher|coupon"
    r"|(?<![0-9] )tang(?: ngay| kem| them)?"
    r"|hoan (?:tien|xu|lai)(?: ngay)?|den (?:bu|ngay|tien)|boi thuong|phat|(?<!bao )(?<!ca )ship(?: cod)?(?: chi| dong gia)?"
    r"|phi(?: ship| van chuyen)?|(?:dat|tien) coc|coc truoc|coc (?:don|giu)|tri gia"
    r"|goc|niem yet|gia (?:cu|hang|store|auth|web|mall|thi truong|ngoai|san|bia)|don(?: hang)? (?:tu|tren|toi thieu)(?: chi)?"
    r"|(?:hoa don|bill) (?:tu|tren)|free ?ship(?: cho)?(?: don)?(?: tu| tren)?|ship don"
    r"|re hon|chenh(?: lech)?|tiet kiem(?: den| toi)?|bot di|tra lai|them) ?[:=~]? ?$"
    r"|\+ ?$"
)
COUNTED = re.compile(
    r" ?\+? ?(?:luot|like|likes|follow|followers?|fl|sub|subs|view|views|nguoi|khach|don hang|danh gia|mah|lumen|lm|sold|"
    r"review|reviews|xu|coin|video|uhd|hdr|fps|hz|tim|trang|tu vung)\b"
)
LEFT_BEHIND = re.compile(r" ?\(?(?:la )?gia (?:goc|cu|niem yet|hang)\b(?! ?[:=~]? ?[0-9])")
TAKEN = re.compile(r"(?<!\w)(?:hon|mua|lay|rinh|nhan|tang|dung|xai)(?: ngay| duoc| het)? $")
SIZE_BEFORE = re.compile(r"(?<!\w)(?:size|sz|so|co|nam|ma|model|iphone|ipad|note|loai|eu|us|uk)[ :.]{0,2}$")
ABOUT_GOLD = re.compile(r"(?<!\w)(?:vang|gold|karat|carat|bac|trang suc|ma vang|nhan cuoi)(?!\w)")
ABOUT_LIGHT = re.compile(r"(?<!\w)(?:led|den|bong|anh sang|kelvin|cpu|core|intel|ryzen|i[3579])(?!\w)")
COMPARTED = re.compile(r"(?<!\w)(?:tui|vi|hop|balo|ba lo|tu|ke|khay|so|album|vali|noi|thung|khay|cap)(?!\w)")
VOLUMES = re.compile(
    r"(?<!\w)(?:dau|nuoc|binh|can|nhot|sua|ml|dung tich|noi|thung|balo|ba lo|vali|xo|chau|chao|am|ruou|bia|cay|may|tu|"
    r"lo vi song|son|xang|xe)(?!\w)"
)
BOTTLED = re.compile(
    r"(?<!\w)(?:nuoc|nuoc hoa|dau|serum|ruou|bia|sua|tinh dau|mat ong|xit|lotion|toner|perfume|edp|edt|[0-9]{0,4}ml|mam|"
    r"tuong|giam|cao|gel|son|siro|combo|loc|thung|set|thuoc|khoang|vien|tang|nhot|keo|hoa chat|kem)(?!\w)"
)
LENGTH_BEFORE = re.compile(
    r"(?<!\w)(?:cao|dai|rong|kho|nang|size|sz|sau|ngang|duong kinh|met|vuong|day|sai|tam bay|vong)[ :]{0,2}"
    r"(?:(?:khoang|tam|chi|toi|hon|gan|len|den|tu|la|duoi|tren|con) ){0,2}$"
)
LENGTH_AFTER = re.compile(r" ?(?:[x×]|cao\b|dai\b|rong\b|sau\b|vuong|met|ngang)| [0-9.,]{1,4} ?c?m\b")
ABOUT_SURFACES = re.compile(
    r"(?<!\w)(?:gach|san|tham|vai|kinh|rem|dat|nha|phong|decal|giay dan|bat|co|luoi|ong|day|cap|gau|bong|thuoc|nem|giuong|"
    r"ban|ke|tu|ghe|guong|man|led|den|cay|chieu|thang|sao)(?!\w)"
)
NOT_CU = re.compile(r" (?:sac|toi|hanh|khoai|nghe|gung|sam|nang|dan|ca rot|cai|su hao|hoa|tam|mat|sen|lac|loa)\b")

# ---- shares of the genuine price ----

_GENUINE = r"(?:hang|auth|authentic|goc|store|chinh hang|shop|mall|that|thi truong|web|niem yet|ben ngoai|ngoai)"
SHARE = re.compile(
    r"(?<![\w/.,])(?:gia (?P<led>(?:chi|re|bang|con|khoang|tam|dung|duoi|co|va|sale) ){0,3}|(?P<only>(?:re|chi) (?:bang|co) ))?"
    rf"(?:1/(?P<part>[2-9]|1[0-9]|20)|(?P<percent>[1-9][0-9]?) ?%)(?![\w/.,%:])(?P<of> (?:so voi )?gia(?: {_GENUINE})?\b(?! tri))?"
)
NOT_A_SHARE = re.compile(r"(?<!\w)(?:ti le|ty le|mo hinh|scale|tay|giam|giam gia|sale|off|tang|hoan|hoan tien) ?:? ?$")

# ---- prices that are not shown ----

_WRITE = r"(?:ib|inb|ibx|ibox|inbox|cmt|comment|pm|dm|lien he|lh)"
_MORE = r"(?:nhan tin|nt|chat|zalo|zl|cham)"  # `chất giá 199k`: these need a word of asking
_ASK = r"(?:bao|hoi|nhan|biet|xem|xin|lay|check)"
_LINK = (
    r"(?: (?:em|minh|shop|de|nhan|bao|hoi|xem|biet|lay|cho|e|m|ngay|nha|nhe|a|c|anh|chi|check|xin|duoc|tu|van|page|qua|"
    r"them|va|voi|ad)){0,5}"
)
# `ib giá sỉ` leaves the price of one piece shown; `giả da`, `gia đình`, `gia dụng` are other words.
_PRICE = (
    r" ?:? ?gia(?! (?:si|buon|dai ly|ctv|da|dinh|dung|cong|vi|han|su|long|go|toc|cam|may|re|tot|hop ly|goc|sale)\b)"
    r"(?! ?[:=]? ?[0-9$₫])"
)
HIDDEN = re.compile(
    rf"(?<!\w)(?:{_WRITE}{_LINK}{_PRICE}"
    rf"|{_MORE}{_LINK} {_ASK}{_PRICE}"
    r"|gia(?: ca)?(?: (?:thi|xin|vui long|em|qua|trong|xem|xem o|o|hoi|nhan|bao|chi tiet))? ?[:\-–→>💌]{0,2} ?"
    r"(?:ib|inb|ibx|ibox|inbox|cmt|comment|pm|dm|nhan tin|lien he|lh|hoi shop|zalo)"
    r"|gia (?:tot|re|dep|yeu thuong|hat de|mem|soc|hap dan|cuc re|canh tranh)(?: thi)? (?:ib|inb|ibox|inbox|cmt)"
    r"|check (?:gia )?(?:ib|inb|ibox|inbox|cmt|dm)"
    r"|bao gia (?:qua |trong )?(?:ib|inbox|zalo|cmt|rieng)"
    r"|gia (?:thoa thuan|bi mat)"
    r"|(?:dm|pm|ib|inbox|message|contact)(?: us| me)? for (?:the )?price|price[ :]{0,2}(?:in |via |by )?(?:inbox|dm|pm|ib)"
    r")(?!\w)"
)


# Words one of which every way to hide a price needs; a message is asked for in it, too.
_HIDING = (
    "ib", "inb", "cmt", "comment", "pm", "dm", "lien he", "lh", "nhan tin", "zalo", "hoi shop", "rieng", "thoa thuan",
    "bi mat", "check", "price",
)  # fmt: skip
_MESSAGES, _ASKING = ("nt", "chat", "zl", "cham"), ("bao", "hoi", "nhan", "biet", "xem", "xin", "lay")


def may_hide(text: str) -> bool:
    """A cheap look whether `HIDDEN` can match at all."""
    return any(map(text.__contains__, _HIDING)) or (
        any(map(text.__contains__, _MESSAGES)) and any(map(text.__contains__, _ASKING))
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a folded text and what stands around it."""

    text: str
    start: int
    end: int

    @property
    def before(self) -> str:
        """The 32 characters before it."""
        return self.text[max(0, self.start - 32) : self.start]

    @property
    def after(self) -> str:
        """The 24 characters after it."""
        return self.text[self.end : self.end + 24]

    @property
    def around(self) -> str:
        """What stands before and after it, itself left out."""
        return self.text[max(0, self.start - 80) : self.start] + " | " + self.text[self.end : self.end + 40]

    @property
    def priced(self) -> bool:
        """Whether a price word stands beside it, or nothing at all."""
        if BEFORE_PRICE.search(self.before) or AFTER_PRICE.match(self.after):
            return True
        alone = self.text[: self.start] + self.text[self.end :] if len(self.text) < 40 else "x"
        return not alone.strip(" .,!?")
