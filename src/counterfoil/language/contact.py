"""Contacts written into a text: where they stand, what they are, and the text with them covered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from counterfoil.language import contact_spelled as spelled
from counterfoil.language.normalise import Folded, fold

ContactKind = Literal["phone", "email", "zalo", "facebook", "telegram", "bank", "address", "other"]

MASK = "•"

# A contact that stood too close to another to be told apart shows once the other is covered.
_PASSES = 4


@dataclass(frozen=True, slots=True)
class ContactMention:
    """A contact at the raw span `[start, end)`; `canonical` is its one spelling, E.164 for a phone number."""

    kind: ContactKind
    start: int
    end: int
    canonical: str


# All patterns read folded text: lower-case, no accents, ASCII digits, single spaces. Every repetition is bounded or
# starts at a place no earlier attempt has passed, so that a hostile text costs linear time.
_GAP = r"[ .\-_–()]{0,3}"

_PHONE = re.compile(
    rf"(?<!\d)"
    # A date with its year is no number, though it may begin like one.
    r"(?!\d\d[ .\-_]\d\d[ .\-_](?:19|20)\d\d(?!\d))"
    rf"(?:(?:\+ ?|(?<![.,\-/])(?<!\w))84{_GAP}(?:0{_GAP})?(?:2(?:{_GAP}\d){{9}}|[35789](?:{_GAP}\d){{8}})"
    rf"|0{_GAP}(?:2(?:{_GAP}\d){{9}}|[35789](?:{_GAP}\d){{8}}))"
    rf"(?!\d|[.,:/]\d{{1,3}}(?!\d))"
)
_FOREIGN = re.compile(
    rf"(?<!\d)(?<!\d )\+ ?(?!84)[1-9](?:{_GAP}\d){{6,13}}(?!\d|[.,:/]\d{{1,3}}(?!\d))(?! ?(?:d|k|vnd|₫)\b)"
)
_EMAIL = re.compile(
    r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64}"
    r"@(?:[a-z0-9\-]{1,63}\.){1,5}[a-z]{2,24}(?![a-z0-9@])"
)
_SITE = r"(?<![a-z0-9@])(?:https?://)?(?:www\.|m\.|web\.|chat\.)?"
_PATH = r"[a-z0-9][a-z0-9._\-]{1,63}"
_LINKS: tuple[tuple[ContactKind, re.Pattern[str]], ...] = (
    ("zalo", re.compile(rf"{_SITE}zalo\.me/(?:g/|pc/)?({_PATH})")),
    (
        "facebook",
        re.compile(
            rf"{_SITE}(?:facebook\.com|fb\.com|fb\.me|m\.me|messenger\.com)/"
            rf"(?:profile\.php\?id=|groups/|pages/|people/|share/|t/)?({_PATH})"
        ),
    ),
    ("telegram", re.compile(rf"{_SITE}(?:t\.me|telegram\.me)/(?:joinchat/|\+)?({_PATH})")),
)
_NAMED: tuple[tuple[ContactKind, str], ...] = (
    ("zalo", "zalo|za lo|zl"),
    ("facebook", "facebook|fb|fanpage"),
    ("telegram", "telegram|tele"),
)
_HANDLES: dict[ContactKind, re.Pattern[str]] = {
    kind: re.compile(rf"(?<![a-z0-9])(?:{names})(?: ?[:=] ?@?| ?@)({_PATH})(?![a-z0-9@])") for kind, names in _NAMED
}
_HANDLE_WORDS = tuple(name for _, names in _NAMED for name in names.split("|"))
_BANK = re.compile(
    rf"(?<![a-z0-9])(?:stk|so tk|tk|so tai khoan|tai khoan)(?![a-z0-9])[^\d{MASK}]{{0,30}}"
    rf"(?<!\d)(\d(?:[ .\-]?\d){{7,18}})(?!\d|[.,]\d)(?! ?(?:d|k|vnd|₫|dong|usd)(?![a-z0-9]))"
)

# A word joined to a number or standing just before it says whether the number is a contact or a code.
_CALLS = frozenset({
    "sdt", "dt", "tel", "phone", "mobile", "hotline", "lh", "goi", "alo", "call", "zalo", "zl", "za", "fb", "viber",
    "whatsapp", "wa", "ib", "so", "inbox", "momo",
})  # fmt: skip
_CODE_BEFORE = re.compile(
    r"(?:\b(?:isbn|ean|upc|gtin|barcode|sku|imei|serial|mpn|order|don hang|ma don|ma sp|ma so thue|mst|ma hang|ma vach"
    r"|ma van don|ma san pham|so lo|lot)[ :.#\-]{0,4}(?:so |la )?)$"
)
# Words that follow `zalo:` in running text and name nobody; the code words are here so that they are never covered.
_NOT_HANDLES = frozenset({
    "shop", "inbox", "nhan", "tin", "lien", "khach", "ket", "ban", "admin", "qua", "cho", "em", "anh", "chi", "minh",
    "theo", "trong", "sau", "nha", "de", "hoac", "hay", "hien", "link", "page", "tren", "duoi", "ben", "xem", "them",
    "hotline", "sdt", "zalo", "fb", "facebook", "telegram", "viber", "email", "mail", "gmail", "tel", "tele", "phone",
    "http", "https", "www", "isbn", "ean", "upc", "gtin", "barcode", "sku", "imei", "serial", "mpn", "order", "don",
    "mst", "lot", "stk",
})  # fmt: skip


# Looked for before the patterns, each of which costs more than all of these.
_NUMBER = re.compile(r"\d(?:\D{0,3}\d){6}")
_WORTH_A_LOOK = re.compile(r"[0+][\W\d]{8}|@|zalo")


def find_contacts(text: str) -> tuple[ContactMention, ...]:
    """The contacts in a text, sorted and not overlapping; numbers already masked (`09xx xxx xxx`) are none."""
    mentions: list[ContactMention] = []
    for _ in range(_PASSES):
        found = _one_pass(text)
        if not found:
            break
        mentions += found
        text = mask(text, found)
    return tuple(sorted(mentions, key=lambda one: one.start))


def mask(text: str, mentions: Iterable[ContactMention]) -> str:
    """The text with each mention covered code point for code point, so that every other span stays true."""
    chars = list(text)
    for one in mentions:
        chars[one.start : one.end] = MASK * (one.end - one.start)
    return "".join(chars)


def mask_ids(text: str) -> str:
    """A web address, an id or a part number with the contacts in it covered; the page on which it stands stays."""
    return mask(text, find_id_contacts(text))


def _one_pass(text: str) -> list[ContactMention]:
    folded = fold(text)
    # Where two overlap the one that begins first is kept, then the longer, then a phone number, which links best.
    found = sorted(_candidates(folded, text), key=lambda one: (one.start, -one.end, one.kind != "phone"))
    kept: list[ContactMention] = []
    for one in found:
        start, end = folded.span(one.start, one.end)
        if not kept or start >= kept[-1].end:
            kept.append(ContactMention(one.kind, start, end, one.canonical))
    return kept


def _candidates(folded: Folded, raw: str) -> Iterator[ContactMention]:
    text = folded.text
    if _NUMBER.search(text):
        yield from _numbers(text)
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield ContactMention("email", *found.span(), found[0])
    if ".me/" in text or ".com/" in text:
        for kind, pattern in _LINKS:
            for found in pattern.finditer(text):
                handle = found[1].rstrip(".-_")
                yield ContactMention(kind, found.start(), found.start(1) + len(handle), _e164(handle) or handle)
    if spelled.holds(text, ":=@") and spelled.holds(text, _HANDLE_WORDS):
        yield from _handles(folded, raw)
    yield from _spelled(folded, raw)


def _numbers(text: str) -> Iterator[ContactMention]:
    for found in _PHONE.finditer(text):
        number = _e164(found[0])
        if number and _may_call(text, found.start()) and not _is_size_run(found[0]):
            yield ContactMention("phone", *found.span(), number)
    if "+" in text:
        for found in _FOREIGN.finditer(text):
            if number := _e164(found[0]):
                yield ContactMention("phone", *found.span(), number)
    if spelled.LONG_NUMBER.search(text):
        for found in _BANK.finditer(text):
            if not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", found[1]):
                yield ContactMention("bank", *found.span(1), re.sub(r"\D", "", found[1]))


def _handles(folded: Folded, raw: str) -> Iterator[ContactMention]:
    for kind, pattern in _HANDLES.items():
        for found in pattern.finditer(folded.text):
            handle = found[1].rstrip(".-_")
            start, end = found.start(1), found.start(1) + len(handle)
            # No handle has accents: where the raw text has, running words follow the colon.
            written = raw[slice(*folded.span(start, end))]
            if len(handle) > 2 and handle not in _NOT_HANDLES and written.isascii():
                yield ContactMention(kind, start, end, _e164(handle) or handle)


def _spelled(folded: Folded, raw: str) -> Iterator[ContactMention]:
    """What is written so that a plain search misses it."""
    text = folded.text
    for kind, start, end, digits in spelled.spelled_numbers(text):
        # A hotline has no international form.
        number = digits if digits.startswith("1") else _e164(digits)
        if number and _may_call(text, start) and not _is_size_run(text[start:end]):
            yield ContactMention(kind, start, end, number)
    for kind, start, end, handle in spelled.spelled_links(text):
        yield ContactMention(kind, start, end, _e164(handle) or handle if kind == "zalo" else handle)
    for found in (*spelled.accounts(text), *spelled.names(folded, raw)):
        yield ContactMention(*found)


def find_id_contacts(text: str) -> tuple[ContactMention, ...]:
    """The contacts in an id, a code or an address: phones written with their first zero or `+84`, mail addresses, Zalo accounts.

    Other long numbers are what ids are made of, and the page of a post is where it stands: neither is a contact there.
    """
    if not _WORTH_A_LOOK.search(text):
        return ()
    found = find_contacts(text)
    return tuple(
        one for one in found if one.kind in ("email", "zalo") or (one.kind == "phone" and text[one.start] in "0+")
    )


@lru_cache(maxsize=1 << 12)
def _e164(number: str) -> str | None:
    """The number as `+84900000001`, or None when no operator could have given it out."""
    import phonenumbers

    digits = re.sub(r"\D", "", number)
    if not 8 <= len(digits) <= 16 or not re.fullmatch(r"[\d .\-_–()+]+", number):
        return None
    if not number.startswith("+") and not digits.startswith(("0", "84")):
        return None
    try:
        parsed: Any = phonenumbers.parse(digits if digits.startswith("0") else f"+{digits}", "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _may_call(text: str, at: int) -> bool:
    """Whether what stands before a number allows it to be one to call: not a code's letters, not a code's name."""
    before = text[max(0, at - 24) : at]
    if _CODE_BEFORE.search(before):
        return False
    joined = re.search(r"[a-z]+$", before)
    return joined is None or joined[0] in _CALLS


def _is_size_run(number: str) -> bool:
    """Whether the groups count upwards, as in the sizes 07 08 09 10 11."""
    groups = [int(group) for group in re.findall(r"\d+", number)]
    steps = {later - earlier for earlier, later in pairwise(groups)}
    return len(groups) >= 4 and len(steps) == 1 and steps != {0}
