"""Contacts written so that a search for them fails: in words, with letters for digits, taken apart, or as names.

Spans are of the folded text; what is yielded is the kind, the span and the digits or the name, to be judged by `contact`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

from counterfoil.language.normalise import Folded, fold_text

Kind = Literal["phone", "email", "bank", "facebook", "zalo", "other"]
Candidate = tuple[Kind, int, int, str]

_DIGITS = {
    "khong": "0", "ko": "0", "zero": "0", "o": "0", "mot": "1", "one": "1", "hai": "2", "two": "2", "ba": "3",
    "three": "3", "bon": "4", "tu": "4",
    "four": "4", "nam": "5", "lam": "5", "five": "5", "sau": "6", "six": "6", "bay": "7", "bey": "7", "seven": "7",
    "tam": "8", "eight": "8",
    "chin": "9", "nine": "9", "linh": "", "le": "", "cham": "", "gach": "", "phay": "",
}  # fmt: skip
_WORD = "|".join(sorted(_DIGITS, key=len, reverse=True))
_SEP = r"[^\w\n]{0,4}"
# Patterns that are tried on every text begin with a set of characters, and look only then at what stands before: so they
# skip all other characters fast.
# A run of digits and digit words that holds at least one word and starts with a zero, in word or digit.
_SPOKEN = re.compile(
    rf"[0okz](?<![a-z0-9].)(?:(?<=[0o])|(?<=k)(?:hong|o)|(?<=z)ero)(?:{_SEP}(?:[0-9]{{1,9}}(?![0-9])"
    rf"|(?<![a-z])(?:{_WORD})(?![a-z]))){{4,24}}(?![a-z0-9])"
)
_TOKEN = re.compile(r"[0-9]|[a-z]+")
# `o9oo ooo oo1`, `O9l2 ...`: letters that look like digits, between real ones.
_GAP = r"[ .\-_–()]{0,3}"
_LEET = re.compile(rf"[0o](?<![a-z0-9].){_GAP}[35789](?:{_GAP}[0-9oil|]){{8}}(?![a-z0-9])")
_LOOKS = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1"})
# Groups kept apart by something else than the usual: `0900/000/001`, `0900*000*001`, `09🌸00🌸00🌸00🌸01`.
_APART = re.compile(
    r"0(?<![\w.,/].)(?:\d{3}(?P<a>[^\w\n]{1,4})\d{3}(?P=a)\d{3}|\d{2}(?P<b>[^\w\n]{1,4})\d{3}(?P=b)\d{4}"
    r"|\d{3}(?P<c>[^\w\n]{1,4})\d{2}(?P=c)\d{2}(?P=c)\d{2}"
    r"|\d(?P<d>[^\w\n]{1,4})\d{2}(?P=d)\d{2}(?P=d)\d{2}(?P=d)\d{2}|(?P<e>[^\w\n]{1,4})\d(?:(?P=e)\d){8})(?![\w]|[.,]\d)"
)
_HOTLINE = re.compile(
    r"(?:hotline|tong dai|goi|call|lien he|lh|sdt|dt|tel|cskh|alo|☎|📞|📱|🤙|📲)\W{0,6}(?:so |ngay "
    r"|mien phi )?\W{0,3}((?:1900|1800)(?:[ .\-]?\d){4,6})(?!\d|[.,]\d)"
)
_MAIL = re.compile(
    r"(?<![a-z0-9._])(?P<name>[a-z0-9._\-]{3,64}) ?(?:\(at\)|\[at\]|@|\ba cong\b|\(a cong\)) ?(?P<host>gmail|yahoo"
    r"|hotmail|outlook|icloud) ?(?:\.|\(dot\)|\[dot\]|\bcham\b|,) ?(?:com|vn)(?: ?\. ?vn)?(?![a-z0-9])"
)
_LINK = re.compile(
    r"[zfm](?<![a-z0-9].)(?:(?<=z)(?P<zalo>alo) ?(?:\.|,|\(dot\)|\bcham\b) ?me"
    r"|(?:(?<=f)(?:acebook|b)|(?<=m)(?:essenger)?) ?(?:\.|,|\(dot\)"
    r"|\bcham\b) ?(?:com|me))"
    r" ?(?:/|\bxuyet\b|\bgach cheo\b) ?(?P<path>[a-z0-9][a-z0-9._\-]{1,63})"
)
_OTHER = re.compile(
    r"(?<![a-z0-9])(?P<app>line(?: id)?|id line|insta(?:gram)?|ig|wechat|wx|whatsapp|viber|skype|tiktok"
    r"|threads)(?: ?[:=] ?@?| ?@)(?P<name>[a-z0-9][a-z0-9._\-]{2,40})(?![a-z0-9@])"
    r"|(?<![a-z0-9@])(?:https?://)?(?:www\.)?(?:line\.me/(?:ti/p/|r/ti/p/)?~?|lin\.ee/|instagram\.com/|tiktok\.com/@"
    r"|wa\.me/|viber\.me/|shope\.ee/)(?P<path>[a-z0-9][a-z0-9._\-]{1,63})"
)
_NOT_NAMES = frozenset(
    {"shop", "inbox", "the", "art", "up", "live", "video", "in", "moi", "nhe", "com", "http", "https"}
)
_BANKS = (
    "vietcombank|vcb|vietinbank|viettinbank|vtb|bidv|agribank|techcombank|tcb|mb ?bank|mbb|mb|acb|sacombank|scb"
    "|vpbank|vp bank|tpbank|tp bank|vib|shb|hdbank|msb|"
    "ocb|eximbank|seabank|lienvietpostbank|lpbank|bac a bank|namabank|nam a bank|pvcombank|vietbank|vietabank"
    "|dong a bank|dongabank|cake|timo|momo|zalopay|shinhan|ngan hang"
)
# Words and signs one of which a pattern needs; looking for them costs much less than the pattern.
_HOTLINES = ("1900", "1800")
_MAIL_HOSTS = ("gmail", "yahoo", "hotmail", "outlook", "icloud")
_SLASHES = ("/", "xuyet", "gach cheo")
_APPS = (
    "line", "insta", "ig", "wechat", "wx", "whatsapp", "viber", "skype", "tiktok", "threads", "lin.ee", "wa.me", "shope.ee",
)  # fmt: skip
_HOLDERS = (
    "chu t", "ctk", "ten tk", "ten tai khoan", "ten chu the", "nguoi nhan", "account name", "dung ten", "nguoi thu huong",
)  # fmt: skip
_PROFILES = ("zalo", "zl", "za lo", "fb", "face", "page", "nick", "tiktok", "tele")
LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){7}")
_NUMBER_OR_MASK = re.compile(r"[\d•](?:[\d •.\-]{6,24}[\d•]|[\d•]{5})")
_ACCOUNT = r"\d(?:[ .\-]?\d){7,18}"
_BANK = re.compile(
    rf"(?<![a-z0-9])(?:{_BANKS})(?![a-z0-9])[^\d\n]{{0,24}}(?P<a>{_ACCOUNT})(?!\d|[.,]\d)(?! ?(?:d|k|vnd|₫|dong)(?![a-z0-9]))"
    rf"|(?<![\d.,])(?P<b>{_ACCOUNT})[ ,\-–|:(/]{{1,4}}(?:{_BANKS})(?![a-z0-9])"
)
_HOLDER = re.compile(
    r"(?<![a-z0-9])(?:chu (?:tk|tai khoan|the)|ctk|ten (?:tk|tai khoan|chu the)|nguoi nhan|account name|dung ten"
    r"|nguoi thu huong)(?: la)?[ :.\-–]{0,4}"
)
_AFTER_BANK = re.compile(rf"(?<![a-z0-9])(?:{_BANKS}|stk|tk|so tk|so tai khoan)(?![a-z0-9])")
_PROFILE = re.compile(
    r"(?<![a-z0-9])(?P<kind>zalo|zl|za lo|fb|facebook|face|fanpage|page|nick fb|nick|tiktok|tele|telegram)(?: (?:ten"
    r"|la|cua (?:minh|em|shop)|ca nhan|chinh chu|name|chinh|ten la|moi|cu|phu|em|minh|shop|chi"
    r"|anh))?(?P<joint> ?[:=\-–>→]{1,2} ?| )(?:la |ten )?"
)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)?")
# Words that begin with a capital after `Zalo:` and name nobody, as they are written; without accents some are names too.
_PLAIN_WORDS = frozenset({
    "inbox", "ib", "ngay", "em", "shop", "để", "nhé", "nha", "được", "tư", "vấn", "xem", "giá", "liên", "hệ", "bên",
    "dưới", "trên", "hoặc", "hay", "cho",
    "qua", "mình", "nhắn", "tin", "kết", "bạn", "nhận", "khách", "hotline", "sđt", "đặt", "hàng", "mua", "chốt",
    "đơn", "ship", "freeship", "cod", "có",
    "zalo", "facebook", "fb", "messenger", "group", "nhóm", "link", "marketplace", "live", "livestream", "mới",
    "sale", "siêu", "auth", "rep", "size", "việt",
    "chuyển", "khoản", "số", "stk", "tk", "ngân", "bank", "momo", "pay", "oa", "official", "video", "http", "https",
    "www", "add", "địa", "chỉ", "hn", "hcm", "sg",
})  # fmt: skip
_PLAIN_TYPED = frozenset(map(fold_text, _PLAIN_WORDS)) - {
    "tu",
    "van",
    "hay",
    "ban",
    "ngan",
    "viet",
    "hang",
    "chi",
    "qua",
    "so",
}


def holds(text: str, needles: Iterable[str]) -> bool:
    """Whether one of the needles stands anywhere in a text."""
    for needle in needles:  # noqa: SIM110 - `any` costs twice as much
        if needle in text:
            return True
    return False


def spelled_numbers(text: str) -> Iterator[Candidate]:
    """Phones in words, with letters for digits, or taken apart; hotlines behind a word for calling."""
    for found in _SPOKEN.finditer(text):
        yield from _spoken(found)
    for found in _LEET.finditer(text):
        if sum(map(str.isdigit, found[0])) >= 2 and any(letter in found[0] for letter in "oil|"):
            yield "phone", *found.span(), re.sub(r"\D", "", found[0].translate(_LOOKS))
    for found in _APART.finditer(text):
        yield "phone", *found.span(), re.sub(r"\D", "", found[0])
    if holds(text, _HOTLINES):
        for found in _HOTLINE.finditer(text):
            yield "phone", *found.span(1), re.sub(r"\D", "", found[1])


def _spoken(found: re.Match[str]) -> Iterator[Candidate]:
    tokens = [(found.start() + one.start(), found.start() + one.end(), one[0]) for one in _TOKEN.finditer(found[0])]
    if all(word.isdigit() for _, _, word in tokens):
        return
    digits = ""
    for place, (_, end, word) in enumerate(tokens):
        digits += word if word.isdigit() else _DIGITS.get(word, "")
        following = tokens[place + 1][2] if place + 1 < len(tokens) else ""
        complete = len(digits) == (11 if digits.startswith("02") else 10)
        if complete and not following.isdigit():
            yield "phone", tokens[0][0], end, digits
            return


def spelled_links(text: str) -> Iterator[Candidate]:
    """Mail addresses and links taken apart, and names on services that have no kind of their own."""
    if holds(text, _MAIL_HOSTS):
        for found in _MAIL.finditer(text):
            yield "email", *found.span(), f"{found['name']}@{found['host']}.com"
    if holds(text, _SLASHES) and ("me" in text or "com" in text):
        for found in _LINK.finditer(text):
            handle = found["path"].rstrip(".-_")
            yield "zalo" if found["zalo"] else "facebook", found.start(), found.start("path") + len(handle), handle
    if holds(text, ":=@/") and holds(text, _APPS):
        yield from _apps(text)


def _apps(text: str) -> Iterator[Candidate]:
    for found in _OTHER.finditer(text):
        name = found["name"] or found["path"]
        handle = name.rstrip(".-_")
        if found["path"] or (len(handle) > 2 and handle not in _NOT_NAMES):
            start = found.start() if found["path"] else found.start("name")
            end = (found.start("path") if found["path"] else found.start("name")) + len(handle)
            app = (found["app"] or "link").replace("id", "").strip()
            yield "other", start, end, f"{app}:{handle}"


def accounts(text: str) -> Iterator[Candidate]:
    """Bank accounts beside the name of a bank."""
    if not LONG_NUMBER.search(text):
        return
    for found in _BANK.finditer(text):
        group = "a" if found["a"] else "b"
        number = found[group]
        # `1.250.000` beside a bank's name is money.
        if not re.fullmatch(r"\d{1,3}(?:[. ]\d{3})+", number):
            yield "bank", *found.span(group), re.sub(r"\D", "", number)


def names(folded: Folded, raw: str) -> Iterator[Candidate]:
    """Names of account holders, and profiles that go by a name of several words: capitals tell a name from running text."""
    text = folded.text
    if holds(text, _HOLDERS):
        for found in _HOLDER.finditer(text):
            yield from _named(folded, raw, found.end(), "other", 1)
    if _NUMBER_OR_MASK.search(text):
        yield from _beside_accounts(folded, raw)
    if holds(text, _PROFILES):
        for found in _PROFILE.finditer(text):
            kind: Kind = "zalo" if found["kind"] in ("zalo", "zl", "za lo") else "facebook"
            yield from _named(folded, raw, found.end(), kind, 2)


def _beside_accounts(folded: Folded, raw: str) -> Iterator[Candidate]:
    text = folded.text
    for found in _AFTER_BANK.finditer(text):
        line = text[found.end() : found.end() + 48]
        number = re.search(r"[\d•][\d •.\-]{6,24}[\d•]", line)
        if re.search(r"[\d•]{6}\W{1,4}$", text[max(0, found.start() - 12) : found.start()]):
            gap = re.match(r"[ ,\-–|:)(/]{1,4}", text[found.end() : found.end() + 8])
            yield from _named(folded, raw, found.end() + (gap.end() if gap else 0), "other", 2)
        if number is not None:
            after = re.match(
                r"[ ,\-–|:(/]{0,4}(?:(?:" + _BANKS + r")[ ,\-–|:)(/]{1,4})?",
                text[found.end() + number.end() : found.end() + number.end() + 32],
            )
            at = found.end() + number.end() + (after.end() if after else 0)
            yield from _named(folded, raw, at, "other", 2)
            before = re.match(r"[ :\-–]{0,3}", line)
            yield from _named(folded, raw, found.end() + (before.end() if before else 0), "other", 2)


def _named(folded: Folded, raw: str, at: int, kind: Kind, least: int) -> Iterator[Candidate]:
    words: list[str] = []
    end = at
    while len(words) < 6:
        match = _NAME_WORD.match(folded.text, end + 1 if words and folded.text[end : end + 1] == " " else end)
        if match is None or (words and match.start() == end):
            break
        start, stop = folded.span(*match.span())
        # White space that folds to one space may be the end of a line.
        if words and "\n" in raw[folded.span(end - 1, end)[1] : start]:
            break
        word = unicodedata.normalize("NFC", raw[start:stop]).casefold()
        if not raw[start : start + 1].isupper() or word in (_PLAIN_WORDS if not word.isascii() else _PLAIN_TYPED):
            break
        words.append(match[0])
        end = match.end()
    if len(words) >= least and len(" ".join(words)) >= 3:
        yield kind, at, end, f"name:{' '.join(words)}" if kind == "other" else " ".join(words)
