"""The door: before anything is kept, contacts become keyed hashes and masks, and times yet to come are refused."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from counterfoil.errors import BadInput, Fault
from counterfoil.ingest.entry import AnyEvent, Entry, Finding, Subject
from counterfoil.ingest.events import Listed, SellerSeen, Verdict
from counterfoil.ingest.faults import escaped, faults_of, readable, redact
from counterfoil.ingest.row import is_clean
from counterfoil.ingest.schema import Listing, Seller
from counterfoil.language.contact import find_contacts, find_id_contacts, mask, mask_ids

__all__ = ["TOLERANCE", "ContactKey", "admit", "admit_event", "faults_of", "redact"]

# Clocks of crawlers and platforms differ a little.
TOLERANCE = timedelta(minutes=5)
_MAX_DEPTH = 12

_PREFIXES = {
    "phone": "tel", "email": "mail", "zalo": "zalo", "facebook": "fb",
    "telegram": "tg", "bank": "bank", "address": "addr", "other": "other",
}  # fmt: skip
_HASHED = re.compile(r"(tel|mail|zalo|fb|tg|bank|addr|other):[\w.-]{1,60}:[0-9a-f]{16,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ContactKey:
    """The instance's key for contacts; `name` stands in every hash, so that a rotation keeps old and new apart."""

    name: str
    secret: bytes = field(repr=False)

    def hash(self, kind: str, canonical: str) -> str:
        """The keyed hash of a contact, `tel:k3:<32 hex>`; HMAC-SHA256, cut to 128 bits.

        A phone is first brought to E.164. A Zalo account that is a phone number hashes as that phone.
        """
        phone = _e164(canonical) if kind in ("phone", "zalo") else None
        prefix = "tel" if phone else _PREFIXES.get(kind, "other")
        value = phone or _plain(kind, canonical)
        digest = hmac.new(self.secret, f"{prefix}:{value}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{prefix}:{self.name}:{digest.hexdigest()[:32]}"


def _e164(value: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plain(kind: str, value: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return re.sub(r"[\s.\-]", "", text) if kind in ("phone", "zalo", "bank") else text


def admit(listing: Listing, seller: Seller | None, *, key: ContactKey, now: datetime) -> Subject:
    """The listing to judge, free of raw contacts; findings say where in the texts they stood.

    `now` is the clock of the instance, or for a row of a file its `known_at`. Raises `BadInput` for a time more than
    5 minutes after it, for lone surrogates and for hashes that are none.
    """
    faults = [
        *_future(listing, ("created_at", "observed_at"), "#/listing", now),
        *_attribute_faults(listing.attributes, "#/listing/attributes"),
    ]
    if seller is not None:
        faults += _seller_faults(seller, "#/seller", now)
    _raise(faults)
    findings: list[Finding] = []
    listing = _masked_listing(listing, key, findings)
    return Subject(listing, None if seller is None else _hashed_seller(seller, key, findings), tuple(findings))


def admit_event(event: AnyEvent, known_at: datetime, *, key: ContactKey, now: datetime) -> Entry:
    """The event as the log may hold it; raises `BadInput` as `admit` does, `happened_at` and `labelled_at` included."""
    happened = "labelled_at" if isinstance(event, Verdict) else "happened_at"
    _raise(_future(event, (happened,), "#", now))
    findings: list[Finding] = []
    if isinstance(event, Listed):
        subject = admit(event.listing, event.seller, key=key, now=now)
        event = event.model_copy(update={"listing": subject.listing, "seller": subject.seller})
        findings.extend(subject.findings)
    elif isinstance(event, SellerSeen):
        _raise(_seller_faults(event.seller, "#/seller", now))
        event = event.model_copy(update={"seller": _hashed_seller(event.seller, key, findings)})
    elif isinstance(event, Verdict) and event.reason:
        event = event.model_copy(update={"reason": _masked(event.reason, "reason", key, findings)})
    return Entry(known_at, _with_safe_ids(event, key), tuple(findings))


def _with_safe_ids(event: AnyEvent, key: ContactKey) -> AnyEvent:
    """The event with every id as `safe_id` writes it."""
    changed: dict[str, Any] = {}
    for name in ("event_id", "seller_id", "listing_id"):
        before: str | None = getattr(event, name, None)
        if before is not None and (after := safe_id(before, key)) != before:
            changed[name] = after
    target = getattr(event, "target", None)
    if target is not None and (after := safe_id(target.id, key)) != target.id:
        changed["target"] = target.model_copy(update={"id": after})
    return event.model_copy(update=changed) if changed else event


def safe_id(text: str, key: ContactKey) -> str:
    """An id with each contact in it replaced by its keyed hash, so that it names the same thing as before to us alone."""
    for one in reversed(find_id_contacts(text)):
        text = text[: one.start] + key.hash(one.kind, one.canonical) + text[one.end :]
    return text


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise BadInput("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults), faults)


def _future(model: object, names: Iterable[str], pointer: str, now: datetime) -> list[Fault]:
    latest = now + TOLERANCE
    return [
        Fault(
            f"got {moment.isoformat()}, expected a time up to {latest.isoformat()}", f"{pointer}/{name}", "future_time"
        )
        for name in names
        if (moment := getattr(model, name)) is not None and moment > latest
    ]


def _seller_faults(seller: Seller, pointer: str, now: datetime) -> list[Fault]:
    detail = "got something else than a keyed hash, expected prefix:key:hex; send raw values as `contacts`"
    return _future(seller, ("registered_at",), pointer, now) + [
        Fault(detail, f"{pointer}/contact_hashes/{index}", "invalid_hash")
        for index, text in enumerate(seller.contact_hashes)
        if not _HASHED.fullmatch(text)
    ]


def _attribute_faults(value: object, pointer: str, depth: int = 0) -> list[Fault]:
    """What the open map may not hold: the schema does not look inside it."""
    if isinstance(value, str):
        if "\x00" in value:
            return [Fault("got a NUL byte, expected text without NUL", pointer, "nul_byte")]
        if not value.isascii() and not is_clean(value):
            return [Fault("got a lone surrogate, expected whole Unicode characters", pointer, "lone_surrogate")]
        return []
    if isinstance(value, (int, float)):
        return _number_faults(value, pointer)
    if isinstance(value, (dict, list)):
        if depth == _MAX_DEPTH:
            return [Fault(f"got more than {_MAX_DEPTH} levels, expected fewer", pointer, "too_deep")]
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        keys = list(value) if isinstance(value, dict) else []
        faults = [fault for key in keys for fault in _attribute_faults(str(key), pointer, depth + 1)]
        return faults or [
            fault
            for step, part in steps
            for fault in _attribute_faults(part, f"{pointer}/{readable(escaped(step), 100)}", depth + 1)
        ]
    return []


def _number_faults(value: float, pointer: str) -> list[Fault]:
    """A number that no JSON of ours could hold."""
    if isinstance(value, float) and not isfinite(value):
        return [Fault("got NaN or an infinity, expected a finite number", pointer, "not_finite")]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return [Fault("got an integer beyond 64 bits, expected a smaller one, or text", pointer, "too_large")]
    return []


def _masked(text: str, name: str, key: ContactKey, findings: list[Finding]) -> str:
    mentions = find_contacts(text)
    if not mentions:
        return text
    findings.extend(Finding(name, m.start, m.end, m.kind, key.hash(m.kind, m.canonical)) for m in mentions)
    return mask(text, mentions)


def _masked_listing(listing: Listing, key: ContactKey, findings: list[Finding]) -> Listing:
    changed: dict[str, Any] = {}
    for name in ("title", "description", "brand", "ships_from", "fulfilment"):
        text: str | None = getattr(listing, name)
        if text and (masked := _masked(text, name, key, findings)) is not text:
            changed[name] = masked
    for name in ("url", "mpn"):
        text = getattr(listing, name)
        if text and (covered := mask_ids(text)) != text:
            changed[name] = covered
    if listing.listing_id is not None and (safe := safe_id(listing.listing_id, key)) != listing.listing_id:
        changed["listing_id"] = safe
    images = tuple(
        one.model_copy(update={"url": covered}) if one.url and (covered := mask_ids(one.url)) != one.url else one
        for one in listing.images
    )
    if images != listing.images:
        changed["images"] = images
    path = tuple(_masked(step, f"category_path.{i}", key, findings) for i, step in enumerate(listing.category_path))
    if path != listing.category_path:
        changed["category_path"] = path
    if listing.attributes:
        before = len(findings)
        attributes = _walk(listing.attributes, "attributes", lambda text, name: _masked(text, name, key, findings))
        if len(findings) > before:
            changed["attributes"] = attributes
    return listing.model_copy(update=changed) if changed else listing


def _walk(value: Any, name: str, change: Callable[[str, str], str]) -> Any:
    if isinstance(value, str):
        return change(value, name)
    if isinstance(value, dict):
        steps = {step: change(step, name) for step in value}
        return {steps[step]: _walk(part, f"{name}.{steps[step]}", change) for step, part in value.items()}
    if isinstance(value, list):
        return [_walk(part, f"{name}.{index}", change) for index, part in enumerate(value)]
    return value


def _hashed_seller(seller: Seller, key: ContactKey, findings: list[Finding]) -> Seller:
    changed: dict[str, Any] = {}
    if seller.contacts:
        hashes = [key.hash(contact.kind, contact.value) for contact in seller.contacts]
        changed = {"contacts": (), "contact_hashes": tuple(dict.fromkeys([*seller.contact_hashes, *hashes]))}
    if (safe := safe_id(seller.seller_id, key)) != seller.seller_id:
        changed["seller_id"] = safe
    if seller.display_name:
        changed["display_name"] = _masked(seller.display_name, "seller.display_name", key, findings)
    return seller.model_copy(update=changed) if changed else seller
