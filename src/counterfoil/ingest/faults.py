"""What is wrong with an input, in words that may be written down: JSON pointers, and masks instead of contacts."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from counterfoil.errors import Fault
from counterfoil.language.contact import find_contacts, mask, mask_ids

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LONGEST_DETAIL = 300
_AMOUNTS = frozenset({"amount", "amount_max", "list_amount"})
_BY_TYPE = {
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "string_unicode": "lone_surrogate",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "union_tag_invalid": "unknown_type",
    "union_tag_not_found": "missing_type",
}
_DETAILS = {
    "missing": "got nothing, expected a value",
    "extra_forbidden": "got a field that the contract does not have, expected only its own; is the name misspelt?",
    "string_unicode": "got a lone surrogate, expected whole Unicode characters",
    "model_type": "got something else than an object, expected an object",
    "model_attributes_type": "got something else than an object, expected an object",
    "union_tag_not_found": "got nothing, expected the type of the event",
}


def escaped(step: object) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return str(step).replace("~", "~0").replace("/", "~1")


def faults_of(error: ValidationError, prefix: str = "#") -> list[Fault]:
    """Each thing wrong, with a JSON pointer into the input as it was sent; no contact is echoed."""
    # A tagged union puts its tag in front of the place.
    tagged = error.title.startswith("tagged-union")
    return [_fault(each, prefix, tagged) for each in error.errors(include_url=False)]


def _fault(each: ErrorDetails, prefix: str, tagged: bool) -> Fault:
    place = [step for step in (each["loc"][1:] if tagged else each["loc"]) if step != "[key]"]
    if each["type"].startswith("union_tag"):
        place.append("type")
    detail = _DETAILS.get(each["type"], each["msg"]).removeprefix("Value error, ")
    if each["type"] in ("value_error", "union_tag_invalid"):
        detail = readable(detail, _LONGEST_DETAIL)
    steps = [readable(escaped(step), 100) for step in place]
    return Fault(
        detail, "/".join([prefix, *steps]), _code(each, str(place[-1]) if place else prefix.rpartition("/")[2], detail)
    )


def _code(each: ErrorDetails, name: str, detail: str) -> str:
    """A short slug for counting: what went wrong, in the words of a person who reads the report."""
    if each["type"] == "missing":
        return f"missing_{name}"
    if each["type"] != "value_error":
        return _BY_TYPE.get(each["type"], "invalid")
    if "NUL byte" in detail:
        return "nul_byte"
    if detail.startswith("got an empty text"):
        return f"missing_{name}"
    if name == "currency":
        return "unknown_currency"
    if name == "price" or name in _AMOUNTS:
        return "negative_price" if str(each["input"]).strip().startswith("-") else "invalid_price"
    if name.endswith("_at") or name == "as_of":
        return "naive_time" if "without an offset" in detail else "invalid_time"
    if detail.startswith("got no listing.listing_id"):
        return "missing_listing_id"
    return "invalid"


_ID_LIKE = re.compile(
    r"(^|[_\-. ])(id|ids|gtins?|ean|isbn|barcode|sku|mpn|price|amount|amount_max|list_amount|sha256|hash|hashes)$"
)
_CONTACT_LIKE = re.compile(
    r"(^|[_\-. ])(contacts?|phones?|phone_?number|tel|telephone|mobile|hotline|sdt|sđt|so_dien_thoai|điện thoại"
    r"|dien_thoai|zalo|e-?mails?|mail|facebook|telegram|stk|bank|bank_?account|so_tai_khoan|address|dia_chi"
    r"|địa chỉ)([_\-. ]|$)"
)
_DROPPED = "[dropped]"
_LONGEST_TEXT = 2_000
# Text that could not be taken apart has no columns to go by: long runs of digits go, whatever they are.
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){8,}")
_CONTACT_LIST = re.compile(r'("contacts"\s*:\s*)\[[^\]]*(\]|$)')


def redact(row: Any, contact_columns: Collection[str] = (), *, _depth: int = 0) -> Any:
    """A refused row as it may be written aside: contacts masked in texts, dropped under their own keys.

    Ids, amounts and codes stay as they are, but for a phone, a mail address or a Zalo account in them;
    long texts are cut, and what JSON cannot carry is written out.
    """
    if _depth > 20:
        return _DROPPED
    if isinstance(row, dict):
        return {
            readable(str(name), 200): _redacted(
                str(name).casefold(), name in contact_columns, value, contact_columns, _depth
            )
            for name, value in row.items()
        }
    if isinstance(row, (list, tuple)):
        return [redact(part, contact_columns, _depth=_depth + 1) for part in row]
    return readable(row, _LONGEST_TEXT) if isinstance(row, str) else row


def _redacted(name: str, is_contact: bool, value: Any, contact_columns: Collection[str], depth: int) -> Any:
    if is_contact or (name != "contact_hashes" and _CONTACT_LIKE.search(name)):
        return _DROPPED if value else value
    if isinstance(value, str) and _ID_LIKE.search(name):
        return mask_ids(_whole(value)[:_LONGEST_TEXT])
    return redact(value, contact_columns, _depth=depth + 1)


def redact_text(text: str) -> str:
    """A row that could not be taken apart, as it may be written aside."""
    text = _CONTACT_LIST.sub(rf"\1{_DROPPED}", text[: 4 * _LONGEST_TEXT])
    return _DIGITS.sub(lambda found: "•" * len(found.group()), readable(text, _LONGEST_TEXT))


def readable(text: str, longest: int) -> str:
    """A text with contacts masked, lone surrogates written out and the rest cut off."""
    # A contact that reaches over the cut is masked whole, since the part that is searched is longer.
    head = _whole(text[: longest + 200])
    masked = mask(head, find_contacts(head))
    return masked[:longest] + (f"… ({len(text)} characters)" if len(text) > longest else "")


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
