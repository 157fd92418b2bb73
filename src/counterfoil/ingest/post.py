"""A post of a foreign file as the bodies of score requests: one for each thing it offers, with the place of each field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from counterfoil.errors import BadInput, Fault
from counterfoil.ingest.entry import Finding, Subject
from counterfoil.ingest.intake import ContactKey
from counterfoil.language.contact import ContactMention, find_contacts, mask
from counterfoil.language.posts.reading import Post, PostItem, read_post

_WHY = {
    "empty_text": "got a post without words, expected text that offers something",
    "asks_to_buy": "got a post that looks for goods, expected one that offers some",
    "hires": "got a post that looks for people, expected one that offers goods",
    "nothing_offered": "got a post in which no goods could be read, expected one that offers some",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing a post offers: the body of its request, and the contacts that stood in the text kept with it."""

    body: dict[str, Any]
    findings: tuple[Finding, ...]
    hashes: tuple[str, ...]

    def admitted(self, subject: Subject) -> Subject:
        """What intake made of the body, with the contacts of the post: hashes, and where they stood."""
        seller = subject.seller
        if seller is not None and self.hashes:
            hashes = tuple(dict.fromkeys([*seller.contact_hashes, *self.hashes]))
            seller = seller.model_copy(update={"contact_hashes": hashes})
        return replace(subject, seller=seller, findings=(*subject.findings, *self.findings))


def offers(body: dict[str, Any], text: str, key: ContactKey, *, spoken: bool) -> Iterator[Offered]:
    """Everything that a post offers; `body` is its row as mapped, without a title.

    Contacts are covered before anything else is read. Raises `BadInput` when nothing is offered; the fault's code says why.
    """
    mentions = find_contacts(text)
    masked = mask(text, mentions)
    post = read_post(masked, spoken=spoken)
    if post.cause is not None:
        raise BadInput(_WHY[post.cause], [Fault(_WHY[post.cause], "#/listing/description", post.cause)])
    hashed = [(one, key.hash(one.kind, one.canonical)) for one in mentions]
    hashes = tuple(dict.fromkeys(digest for _, digest in hashed))
    for number, item in enumerate(post.items, start=1):
        kept = _kept(masked, post, item)
        findings = (
            *_findings("description", kept, hashed),
            *_findings("title", [(item.places["title"].start, item.places["title"].end)], hashed),
        )
        yield Offered(_body(body, masked, kept, post, item, number, hashed), findings, hashes)


def _kept(text: str, post: Post, item: PostItem) -> list[tuple[int, int]]:
    """The stretches of the post kept with an offer: all of it but the lines that speak of the others alone."""
    own = set(item.lines)
    others = sorted(span for other in post.items if other is not item for span in other.lines if span not in own)
    kept, at = [], 0
    for start, end in others:
        if start > at:
            kept.append((at, start))
        at = max(at, end)
    if at < len(text):
        kept.append((at, len(text)))
    return [(a, b) for a, b in kept if text[a:b].strip()]


def _findings(name: str, kept: list[tuple[int, int]], hashed: list[tuple[ContactMention, str]]) -> Iterator[Finding]:
    at = 0
    for start, end in kept:
        for one, digest in hashed:
            if start <= one.start and one.end <= end:
                shift = at - start
                yield Finding(name, one.start + shift, one.end + shift, one.kind, digest)
        at += end - start


def _body(
    row: dict[str, Any],
    text: str,
    kept: list[tuple[int, int]],
    post: Post,
    item: PostItem,
    number: int,
    hashed: list[tuple[ContactMention, str]],
) -> dict[str, Any]:
    listing = dict(row["listing"])
    listing |= {"title": item.title, "description": "".join(text[a:b] for a, b in kept)}
    if listing.get("listing_id") is not None:
        listing["listing_id"] = f"{listing['listing_id']}#{number}"
    if item.price is not None:
        price = {"amount": format(item.price.low, "f"), "currency": item.price.currency}
        if item.price.high > item.price.low:
            price["amount_max"] = format(item.price.high, "f")
        if item.price.before is not None:
            price["list_amount"] = format(item.price.before, "f")
        listing["price"] = price
    if item.brand is not None:
        listing["brand"] = item.brand
    if item.condition is not None:
        listing["condition"] = item.condition
    fields = {
        name: {"span": [place.start, place.end], "quote": text[place.start : place.end], "confidence": place.confidence}
        for name, place in item.places.items()
    }
    told: dict[str, Any] = {"item": number, "of": len(post.items) + post.left_out, "fields": fields}
    if item.bounds is not None:
        told["price_bounds"] = [format(bound, "f") for bound in item.bounds]
    if hashed:
        told["contacts"] = [{"kind": one.kind, "span": [one.start, one.end], "hash": digest} for one, digest in hashed]
    listing["attributes"] = {**listing.get("attributes", {}), "post": told}
    return {**row, "listing": listing}
