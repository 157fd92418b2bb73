"""Trade item and book numbers read from what a listing states: check digit, class of the prefix, made-up ones.

A prefix names the GS1 office that licensed the number, never the place of manufacture, and a valid number is no proof
of anything: counterfeiters copy real ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from counterfoil.knowledge.codes import placeholder
from counterfoil.language.normalise import fold, fold_text

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementStrings

PrefixClass = Literal["none", "national", "restricted", "coupon", "book", "serial", "demo", "unassigned"]
Carrier = Literal["digits", "link", "elements"]
# A code as a listing states it; `fault` says what is wrong with it whatever the day.
Fault = Literal["placeholder", "malformed"]

_SEPARATORS = re.compile(r"[\s\-]")
# How biip's table of prefixes (GS1 General Specifications, section 1.4) words each use.
_USES: tuple[tuple[str, PrefixClass], ...] = (
    ("Restricted Circulation", "restricted"),
    ("coupon", "coupon"),
    ("Refund", "coupon"),
    ("reserved for future use", "coupon"),  # 050-059, which GS1 US keeps for coupons
    ("ISBN", "book"),
    ("ISSN", "serial"),
    ("demonstrations", "demo"),
    ("future MO", "unassigned"),
    ("Global Office - ", "unassigned"),
)
_LINK = re.compile(r"(?i)^(?:https?://)?[^\s/?#]{1,253}/(?:[^\s?#]{0,200}/)?(?:01|gtin)/([0-9]{8,14})(?![0-9])")
_ELEMENTS = re.compile(r"^(?:\][A-Za-z][0-9])?(?:\(01\)|01(?=[0-9]{14}))\s*([0-9]{14})")
# FNC1 separates elements; scanners and spreadsheets hand it on in several spellings.
_FNC1 = re.compile(r"\x1d|\u241d|\{GS\}|<GS>|\{FNC1\}|<FNC1>", re.IGNORECASE)
_ISBN = re.compile(
    r"isbn(?:[ -]?1[03](?![0-9]))?[ :.#-]{0,3}(?:so|ma|no)?[ :.#]{0,2}([0-9](?:[ -]?[0-9x]){0,16})(?![0-9])"
)
_ISBN_ALONE = re.compile(r"([0-9](?:[ -]?[0-9x]){8,16})(?![0-9])")


@dataclass(frozen=True, slots=True)
class GtinReading:
    """A stated number as read: `code` without separators; `issuer` is the GS1 office of a national prefix.

    `prefix_class` is `none` for a number that is not valid, and for a GTIN-8, which has prefix ranges of its own. A GS1
    Digital Link or element string also says its lot, serial number, expiry and, for a link, the domain it leads to.
    """

    code: str
    valid: bool
    prefix_class: PrefixClass
    issuer: str | None
    placeholder: bool = False
    carrier: Carrier = "digits"
    domain: str | None = None
    lot: str | None = None
    serial: str | None = None
    expires: date | None = None

    @property
    def gtin14(self) -> str:
        """The number as fourteen digits, under which all lengths of the same one meet."""
        return self.code.zfill(14)


@dataclass(frozen=True, slots=True)
class StatedCode:
    """A code with the field it stands in and the raw half-open span there; `code` is its one canonical spelling."""

    kind: str
    code: str
    field: str
    start: int
    end: int
    quote: str
    year: int | None = None
    fault: Fault | None = None
    check_fails: bool = False


@lru_cache(maxsize=1 << 12)
def read_gtin(code: str) -> GtinReading:
    """A GTIN-8, -12, -13 or -14, alone, in a GS1 Digital Link or in an element string; anything else is not valid."""
    text = code.strip()
    link, elements = _LINK.match(text), _ELEMENTS.match(text)
    if link is not None:
        return _carried(text if "://" in text[:8] else f"https://{text}", link[1], "link")
    if elements is not None:
        return _carried(_FNC1.sub("\x1d", text), elements[1], "elements")
    return _digits(code)


def is_placeholder(digits: str) -> bool:
    """Whether digits are all the same, or count up from 0 or 1; a single 0 or only zeros is one at any length."""
    if not digits.strip("0"):
        return bool(digits)
    limit = placeholder()
    if len(set(digits)) == 1:
        return len(digits) >= limit.repeated
    return len(digits) >= limit.counted and _counts_up(digits)


def read_isbn(code: str) -> str | None:
    """The ISBN-13 of a stated ISBN-10 or -13; None when it is neither, or its check digit is wrong."""
    from stdnum import isbn
    from stdnum.exceptions import ValidationError

    digits = _SEPARATORS.sub("", fold_text(code)).upper()
    if not digits.isascii():
        return None
    try:
        return str(isbn.to_isbn13(isbn.validate(digits)))
    except ValidationError:
        return None


def find_isbns(text: str, field: str, label: str = "", flat: str | None = None) -> list[StatedCode]:
    """The ISBNs a text states after the word ISBN, or anywhere when its label says ISBN; wrong ones too.

    `flat` is `fold_text(text)`, for callers that have it.
    """
    labelled = "isbn" in fold_text(label)
    if not labelled and "isbn" not in (fold_text(text) if flat is None else flat):
        return []
    folded = fold(text)
    found = []
    for match in (_ISBN_ALONE if labelled else _ISBN).finditer(folded.text):
        end = _isbn_end(match[1])
        start, stop = folded.span(match.start(1), match.start(1) + end)
        found.append(isbn_code(match[1][:end], field, start, stop, text[start:stop]))
    return found


def isbn_code(stated: str, field: str, start: int, end: int, quote: str) -> StatedCode:
    """A stated ISBN as a code: its ISBN-13, or the characters as they are when the check digit is wrong."""
    digits = _SEPARATORS.sub("", stated)
    isbn13 = read_isbn(stated)
    fault: Fault | None = "placeholder" if _is_made_up(digits) else None
    return StatedCode("isbn", isbn13 or digits, field, start, end, quote, fault=fault, check_fails=isbn13 is None)


def _digits(code: str) -> GtinReading:
    from biip import ParseError
    from biip.gtin import Gtin, GtinFormat

    digits = _SEPARATORS.sub("", fold_text(code))
    made_up = digits.isascii() and digits.isdigit() and _is_made_up(digits)
    wrong = GtinReading(digits, valid=False, prefix_class="none", issuer=None, placeholder=made_up)
    if not digits.isascii():
        return wrong
    try:
        gtin = Gtin.parse(digits)
    except ParseError:
        return wrong
    right = replace(wrong, valid=True)
    if gtin.format is GtinFormat.GTIN_8:
        return right
    usage = gtin.prefix.usage if gtin.prefix else None
    if usage is None:
        return replace(right, prefix_class="unassigned")
    special = next((name for words, name in _USES if words in usage), None)
    return replace(right, prefix_class=special or "national", issuer=None if special else usage)


def _carried(text: str, digits: str, carrier: Carrier) -> GtinReading:
    """The GTIN inside a link or an element string; what stands beside it only when the whole follows the rules."""
    reading = replace(_digits(digits), carrier=carrier)
    if carrier == "link":
        reading = replace(reading, domain=text.partition("://")[2].partition("/")[0].lower())
    parts = _elements(text, carrier)
    if parts is None:
        return reading
    values = {one.ai.ai: one for one in parts}
    expiry = values.get("17")
    return replace(
        reading,
        lot=values["10"].value if "10" in values else None,
        serial=values["21"].value if "21" in values else None,
        expires=expiry.date if expiry is not None else None,
    )


def _elements(text: str, carrier: Carrier) -> GS1ElementStrings | None:
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI
    from biip.gs1_messages import GS1Message

    try:
        if carrier == "link":
            return GS1DigitalLinkURI.parse(text).element_strings
        if text.startswith("("):
            return GS1Message.parse_hri(text).element_strings
        return GS1Message.parse(text[3:] if text.startswith("]") else text).element_strings
    except (ParseError, ValueError):
        return None


def _is_made_up(digits: str) -> bool:
    """Whether a trade item number is one that people type to fill a field: its last digit may be a right check digit."""
    if len(digits) < 8:
        return is_placeholder(digits)
    payload = digits[:-1]
    bodies = [digits, payload, payload.lstrip("0")] + ([payload[3:]] if len(payload) == 12 else [])
    return any(len(body) >= 7 and is_placeholder(body) for body in bodies)


def _counts_up(digits: str) -> bool:
    steps = pairwise(digits)
    return digits[0] in "01" and all((int(after) - int(before)) % 10 == 1 for before, after in steps)


def _isbn_end(stated: str) -> int:
    """Where the number ends in a run of digits that may go on with a page count: after 13 digits, or after 10."""
    places = [at for at, char in enumerate(stated) if char not in " -"]
    wanted = 13 if re.match(r"9[ -]?7[ -]?[89]", stated) and len(places) >= 13 else 10
    return places[min(wanted, len(places)) - 1] + 1
