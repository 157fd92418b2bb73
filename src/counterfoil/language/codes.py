"""Trade item numbers read from what a listing states: check digit and the class of the prefix.

A prefix names the GS1 office that licensed the number, never the place of manufacture, and a valid number is no proof
of anything: counterfeiters copy real ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from counterfoil.language.normalise import fold_text

PrefixClass = Literal["none", "national", "restricted", "coupon", "book", "serial", "demo", "unassigned"]

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


@dataclass(frozen=True, slots=True)
class GtinReading:
    """A stated number as read: `code` without separators; `issuer` is the GS1 office of a national prefix.

    `prefix_class` is `none` for a number that is not valid, and for a GTIN-8, which has prefix ranges of its own.
    """

    code: str
    valid: bool
    prefix_class: PrefixClass
    issuer: str | None


def read_gtin(code: str) -> GtinReading:
    """A GTIN-8, -12, -13 or -14; anything else is read as not valid."""
    from biip import ParseError
    from biip.gtin import Gtin, GtinFormat

    digits = _SEPARATORS.sub("", fold_text(code))
    if not digits.isascii():
        return GtinReading(digits, valid=False, prefix_class="none", issuer=None)
    try:
        gtin = Gtin.parse(digits)
    except ParseError:
        return GtinReading(digits, valid=False, prefix_class="none", issuer=None)
    if gtin.format is GtinFormat.GTIN_8:
        return GtinReading(digits, valid=True, prefix_class="none", issuer=None)
    usage = gtin.prefix.usage if gtin.prefix else None
    if usage is None:
        return GtinReading(digits, valid=True, prefix_class="unassigned", issuer=None)
    special = next((name for words, name in _USES if words in usage), None)
    return GtinReading(digits, valid=True, prefix_class=special or "national", issuer=None if special else usage)
