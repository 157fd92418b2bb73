"""What a platform shows of an offer and its seller: the bodies of the contract, with fields missing as in real crawls.

Fields are left out by account and by listing, whoever the seller is: that a field is missing says nothing about guilt.
"""

from __future__ import annotations

from typing import Any

from counterfoil.synth.accounts import Account, digest, scattered
from counterfoil.synth.calendar import DAY, iso
from counterfoil.synth.dice import Dice
from counterfoil.synth.goods import check_digit
from counterfoil.synth.offers import Offer
from counterfoil.synth.text import description, paper, title

Body = dict[str, Any]

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
    account, good, asked = offer.account, offer.good, offer.quote
    number = _paper(offer, words)
    hidden = shown.chance(0.04)
    body: Body = {
        "listing_id": _listing_id(offer),
        "platform": account.platform,
        "title": title(good, offer.style, asked.amount, asked.pack, words, hidden_price=hidden),
    }
    text = description(good, offer.style, number, words)
    if shown.chance(0.65):
        body["description"] = text
    brand = _brand(offer, shown)
    if brand is not None:
        body["brand"] = brand
    if shown.chance(0.90):
        body["category_path"] = shown.pick(good.shelf.paths[account.platform])
    price = _hidden_price(shown) if hidden else _price(offer, shown)
    if price is not None:
        body["price"] = price
    code = _gtin(offer, shown)
    if code is not None and account.view != "crawl":
        body["gtins"] = [code]
    if number is not None and shown.chance(0.3):
        body["attributes"] = {"Số công bố": number}
    stats = _stats(offer, shown)
    if stats:
        body["stats"] = stats
    if account.view == "full":
        body["images"] = [{"sha256": image} for image in _images(offer, words)]
        if shown.chance(0.6):
            body["condition"] = "used" if offer.style == "used" else "new"
        if shown.chance(0.7):
            body["channel"] = "mall" if account.official else "marketplace"
        if shown.chance(0.6):
            body["ships_from"] = _ORIGINS[int(digest(account.operator)[:4], 16) % len(_ORIGINS)]
    if shown.chance(0.85):
        body["created_at"] = iso(offer.created)
    body["observed_at"] = iso(offer.seen)
    return body


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
    if account.view == "id":
        return body
    body["display_name"] = account.display_name
    if account.view == "crawl":
        return body
    facts: Body = {
        "registered_at": iso(account.registered),
        "identity_verified": at >= account.verified_from,
        "official_store": account.official,
    }
    body |= {name: value for name, value in facts.items() if name not in account.hidden}
    if account.contacts:
        body["contact_hashes"] = list(account.contacts)
    ratings = int(account.ratings_per_day * max(0, at - account.registered) / DAY)
    bad = int(ratings * account.unhappy)
    fair = int(ratings * account.unhappy * 0.6)
    good = ratings - bad - fair
    stats: Body = {
        "rating_average": round(
            (5 * 0.8 + 4 * 0.2 if not ratings else (4.85 * good + 3 * fair + 1.3 * bad) / ratings), 2
        ),
        "rating_counts": _counts(account, good, fair, bad),
        "followers": int(ratings * 1.7 * (6 if account.official else 1)),
        "listing_count": account.listings_before + listings,
        "response_rate": round(account.response_rate, 2),
        "response_seconds": round(600 + 40_000 * (1 - account.response_rate)),
    }
    if not ratings:
        del stats["rating_average"]
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


def _gtin(offer: Offer, dice: Dice) -> str | None:
    """The true code, a copied one, an invented one, or one with a typing error."""
    code = offer.good.gtin
    if code is None or not dice.chance(offer.account.actor.gtin):
        return None
    if offer.fake and not dice.chance(0.6):
        body = "69" + str(dice.whole(10**9, 10**10 - 1))
        code = body + str(check_digit(body))
    if dice.chance(0.03 if offer.fake else 0.007):
        code = code[:-1] + str((int(code[-1]) + dice.whole(1, 9)) % 10)
    return code


def _paper(offer: Offer, dice: Dice) -> str | None:
    if offer.good.shelf.papers is None or offer.good.brand is None or not dice.chance(offer.account.actor.papers):
        return None
    return paper(offer.good, dice.chance(0.06 if offer.fake else 0.01), dice)


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
    """Image hashes: the brand's own pictures for official sellers and hidden copies, else the operator's."""
    if offer.good.brand and offer.style in ("official", "deceptive") and dice.chance(0.6):
        return [digest(f"{offer.good.brand}/{offer.good.model}/{dice.whole(0, 3)}")]
    return [digest(f"{offer.account.operator}/{offer.good.brand}/{offer.good.model}/{dice.whole(0, 5)}")]
