"""What a platform shows of an offer and its seller: the bodies of the contract, with fields missing as in real crawls.

Fields are left out by account and by listing, whoever the seller is: that a field is missing says little about guilt. Two
things do depend on the seller: who describes a mark leaves the brand field empty, and open copies hide their price more often.
"""

from __future__ import annotations

from typing import Any

from counterfoil.synth.accounts import Account, digest, scattered
from counterfoil.synth.calendar import DAY, iso
from counterfoil.synth.codes import gtin, paper
from counterfoil.synth.dice import Dice
from counterfoil.synth.offers import Offer
from counterfoil.synth.text import Pitch, description, edited, official_text, title

Body = dict[str, Any]

# How often a seller uses an official shop's words for a good, by how it writes.
_OFFICIAL = {"official": 0.45, "deceptive": 0.40, "official copy": 0.35}

_ORIGINS = (
    "Hà Nội",
    "TP. Hồ Chí Minh",
    "Đà Nẵng",
    "Hải Phòng",
    "Bắc Ninh",
    "Bình Dương",
    "Đồng Nai",
    "Cần Thơ",
    "Lạng Sơn",
    "Quảng Ninh",
)


def listing(offer: Offer, words: Dice, shown: Dice) -> Body:
    """The listing at its first sighting."""
    account, good = offer.account, offer.good
    draft = account.view == "draft"
    number = paper(offer, words)
    hidden = shown.chance(0.10 if offer.style == "overt" else 0.04)
    head, text = _texts(offer, number, hidden, words)
    body: Body = {"listing_id": _listing_id(offer), "platform": account.platform, "title": head}
    if shown.chance(0.25 if draft else 0.75):
        body["description"] = text
    brand = None if offer.euphemism and shown.chance(0.85) else _brand(offer, shown)
    if brand is not None:
        body["brand"] = brand
    if shown.chance(0.90):
        body["category_path"] = shown.pick(good.shelf.paths[account.platform])
    price = _hidden_price(shown) if hidden else _price(offer, shown)
    if price is not None:
        body["price"] = price
    code = gtin(offer, shown)
    if code is not None and account.view != "crawl":
        body["gtins"] = [code]
    if number is not None and shown.chance(0.3):
        body["attributes"] = {"Số công bố": number}
    stats = {} if draft else _stats(offer, shown)
    if stats:
        body["stats"] = stats
    if account.view == "full":
        body["images"] = [{"sha256": image} for image in _images(offer, words)]
        if shown.chance(0.6):
            body["condition"] = "used" if offer.wording == "used" else "new"
        if shown.chance(0.7):
            body["channel"] = "mall" if account.official else "marketplace"
        if shown.chance(0.6):
            body["ships_from"] = _ORIGINS[int(digest(account.operator)[:4], 16) % len(_ORIGINS)]
    if not draft and shown.chance(0.85):
        body["created_at"] = iso(offer.created)
    body["observed_at"] = iso(offer.seen)
    return body


def _texts(offer: Offer, number: str | None, hidden: bool, words: Dice) -> tuple[str, str]:
    """Title and description: an official shop's own, one copied from it word for word or with edits, or the seller's."""
    account, good, asked, style = offer.account, offer.good, offer.quote, offer.wording
    copied = offer.fake and account.level.copies
    if good.brand is not None and (copied or words.chance(_OFFICIAL.get(style, 0.0))):
        head, text = official_text(good, number, words)
        if style != "official" and not copied:
            head, text = edited(head, words), edited(text, words)
        return (f"Combo {asked.pack} {head}" if asked.pack > 1 else head)[:120], text
    repeats = account.copier and words.chance(account.shared)
    pitch = Pitch(
        good,
        style,
        offer.seen,
        asked.amount,
        asked.pack,
        level=account.level,
        euphemism=offer.euphemism,
        hidden_price=hidden,
        cleared=asked.clearance or (asked.campaign and words.chance(0.3)),
        signature=int(digest(account.operator)[:8], 16) if repeats else None,
    )
    return title(pitch, words), description(pitch, number, words)


def seen_again(body: Body, offer: Offer, at: int, amount: int) -> Body:
    """The same listing at a later sighting, at another price and with what was sold since."""
    later = body | {"observed_at": iso(at)}
    if "price" in body:
        later["price"] = body["price"] | {"amount": str(amount)}
    if "sold_count" in body.get("stats", {}):
        sold = body["stats"]["sold_count"] + int(offer.orders * (at - offer.seen) / DAY)
        later["stats"] = body["stats"] | {"sold_count": sold}
    return later


def seller(account: Account, at: int, listings: int) -> Body:
    """The seller's page at `at`, when it has put up that many of the simulated listings; counts only ever grow."""
    body: Body = {"seller_id": account.seller_id}
    if account.view in ("id", "draft"):
        return body
    body["display_name"] = account.display_name
    if account.view == "crawl":
        return body
    facts: Body = {
        "registered_at": iso(account.life.registered),
        "identity_verified": at >= account.verified_from,
        "official_store": account.official,
    }
    body |= {name: value for name, value in facts.items() if name not in account.hidden}
    if account.contacts:
        body["contact_hashes"] = list(account.contacts)
    ratings = int(account.ratings_per_day * max(0, at - account.life.registered) / DAY)
    bad = int(ratings * account.unhappy)
    fair = int(ratings * account.unhappy * 0.6)
    good = ratings - bad - fair
    stats: Body = {"rating_average": round((4.85 * good + 3 * fair + 1.3 * bad) / ratings, 2)} if ratings else {}
    stats |= {
        "rating_counts": _counts(account, good, fair, bad),
        "followers": int(ratings * 1.7 * (6 if account.official else 1)),
        "listing_count": account.listings_before + listings,
        "response_rate": round(account.response_rate, 2),
        "response_seconds": round(600 + 40_000 * (1 - account.response_rate)),
    }
    body["stats"] = {name: value for name, value in stats.items() if name not in account.hidden}
    return body


def _counts(account: Account, good: int, fair: int, bad: int) -> dict[str, int]:
    if account.platform == "shopee":
        return {"good": good, "normal": fair, "bad": bad}
    four, two = good // 8, bad // 4
    return {"1": bad - two, "2": two, "3": fair, "4": four, "5": good - four}


def _listing_id(offer: Offer) -> str:
    item = scattered(offer.number, 10**11)
    platform, _, shop = offer.account.seller_id.partition(":")
    return f"{platform}:{shop}.{item}" if platform == "shopee" else f"{platform}:{item}"


def _brand(offer: Offer, dice: Dice) -> str | None:
    """The brand field: often empty or a filler; an accessory now and then names the brand it fits."""
    if dice.chance(0.45):
        return dice.pick((None, None, "OEM", "No Brand"))
    if offer.good.brand is not None:
        return offer.good.brand
    if offer.good.host is not None and dice.chance(0.08):
        return offer.good.host.split()[0]
    return dice.pick((None, "OEM", "OEM", "No Brand"))


def _hidden_price(dice: Dice) -> Body | None:
    """No price, or a placeholder that the platform lets through."""
    amount = dice.pick((None, "0", "0", "1000"))
    return None if amount is None else {"amount": amount, "currency": "VND"}


def _price(offer: Offer, dice: Dice) -> Body:
    asked = offer.quote
    price: Body = {"amount": str(asked.amount), "currency": "VND"}
    if asked.crossed_out is not None:
        price["list_amount"] = str(asked.crossed_out)
    if asked.pack > 1 and dice.chance(0.5):
        price["pack_quantity"] = asked.pack
    return price


def _stats(offer: Offer, dice: Dice) -> Body:
    """What is shown about the listing; a crawl shows sales and ratings only, and some listings nothing."""
    if dice.chance(0.15):
        return {}
    rated = int(offer.sold * 0.35)
    stats: Body = {"sold_count": offer.sold, "rating_count": rated}
    if rated:
        unhappy = min(0.9, offer.account.unhappy * dice.between(0.3, 1.8))
        stats["rating_average"] = round(5 - 3.4 * unhappy - dice.between(0, 0.2), 1)
    if offer.account.view == "full":
        stats |= {"image_count": dice.whole(1, 9), "favourites": int(offer.sold * 0.4), "stock": dice.whole(1, 999)}
    return stats


def _images(offer: Offer, dice: Dice) -> list[str]:
    """Image hashes: the brand's own pictures for official sellers and hidden copies, else the operator's or the account's."""
    good, account = offer.good, offer.account
    if good.brand and offer.wording in ("official", "deceptive") and dice.chance(0.6):
        return [digest(f"{good.brand}/{good.model}/{dice.whole(0, 3)}")]
    if account.copier and not dice.chance(account.shared):
        return [digest(f"{account.seller_id}/{offer.number}/{dice.whole(0, 5)}")]
    return [digest(f"{account.operator}/{good.brand}/{good.model}/{dice.whole(0, 5)}")]
