"""What opens a line of a list: a number, a sign or a picture before it, or a code such as `mã 12` or `combo 1:`."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = "–—•●▪◾◽►▶➤➢✔✓☑❖➡→»›·"
_BULLET = re.compile(
    r"\s*(?P<mark>(?:[0-9]\ufe0f?\u20e3){1,2}|[①-⑳❶-❿]|(?P<number>\d{1,2}) ?[.)/:](?!\d)|(?P<dashed>\d{1,2}) ?-(?= ?[^\W\d])"
    r"|[-–—*•+●▪◾◽►▶➤➢✔✓☑❖➡→»›·]+(?![ ]?\d+ ?%))\s*"
)
# Numbers in words, the longer ones first: `hai mươi mốt` is not `hai`.
NUMBER_WORD = (
    r"(?:(?:mười|hai mươi|ba mươi|bốn mươi)(?: (?:một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín))?"
    r"|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín)"
)
CODE = re.compile(
    r"(?i)\s*(?:m[ẫâa]u|m[ãa]|sp|item|m[óo]n|code|no|s[ốo]|l[ôo])(?:[ .:#]+|(?=\d))(?:s[ốo][ .:]*)?"
    rf"(?:[A-Z]{{0,3}}\d{{1,4}}|{NUMBER_WORD}|[A-H](?!\w))(?!\w)\s*[:.)\-–,/]*\s*"
)
_COMBO = re.compile(r"(?i)\s*(?:combo|set|gói|goi|option|deal) ?(?:số )?(?:\d{1,2}|[A-H])\s*[:.)\-–]\s*(?=\S)")


def opening_of(text: str) -> tuple[int, str | None]:
    """Where a line begins after its bullet, and the kind of that bullet: `number`, `code`, or the sign itself."""
    if (code := CODE.match(text) or _COMBO.match(text)) is not None:
        return code.end(), "code"
    if (mark := _BULLET.match(text)) is not None:
        sign = mark["mark"][0]
        counts = mark["number"] or mark["dashed"] or sign.isdigit() or (not sign.isascii() and sign not in _SIGNS)
        if (code := CODE.match(text, mark.end())) is not None:
            return code.end(), "code"
        return mark.end(), "number" if counts else sign
    body, bullet = 0, None
    while body < len(text) and (
        text[body].isspace() or unicodedata.category(text[body]) in {"So", "Sk", "Cf", "Mn", "Me"}
    ):
        if unicodedata.category(text[body]) == "So":
            bullet = bullet or text[body]
        body += 1
    return body, bullet
