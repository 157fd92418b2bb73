"""Registration numbers and barcodes as listings show them: true ones, copied ones, invented ones, and slips."""

from __future__ import annotations

import hashlib

from counterfoil.synth.dice import Dice
from counterfoil.synth.goods import check_digit
from counterfoil.synth.offers import Offer

_PLACEHOLDERS = {
    "cosmetics": ("123456/24/CBMP-QLD", "000000/24/CBMP-QLD"),
    "supplement": ("12345/2024/ĐKSP", "1234/2024/ĐKSP"),
}
_MALFORMED = {
    "cosmetics": ("{}/CBMP", "CBMP-QLD {}", "{}/2/CBMP-QLD"),
    "supplement": ("{}/ĐKSP", "ĐKSP-{}", "{}/2/ĐKSP"),
}


def paper(offer: Offer, dice: Dice) -> str | None:
    """The registration number that the listing quotes, if its goods carry one and its seller shows it.

    Official shops quote the number of the goods, hidden copies copy it, open ones invent one; 1 % of genuine and 6 % of
    copied listings have a placeholder or a malformed number. All numbers are invented.
    """
    good = offer.good
    if good.shelf.papers not in _PLACEHOLDERS or good.brand is None or not dice.chance(offer.account.actor.papers):
        return None
    kind = good.shelf.papers
    if dice.chance(0.06 if offer.fake else 0.01):
        form = dice.pick(_PLACEHOLDERS[kind] + _MALFORMED[kind])
        return form.format(dice.whole(1000, 99_999))
    invented = offer.fake and offer.style == "overt"
    return registration(kind, f"{dice.whole(0, 10**9)}" if invented else f"{good.brand}/{good.model}")


def registration(kind: str, key: str) -> str:
    """An invented, well-formed number of a kind, always the same for the same key."""
    value = int.from_bytes(hashlib.sha256(key.encode()).digest()[:6])
    year = 20 + value % 7
    if kind == "cosmetics":  # the counter rises by about 31,000 a year
        return f"{72_000 + 31_000 * (year - 18) + value // 7 % 30_000}/{year}/CBMP-QLD"
    return f"{100 + value // 7 % 9_800}/20{year}/ĐKSP"


def gtin(offer: Offer, dice: Dice) -> str | None:
    """The goods' own code, one that a copy copied (60 %) or invented, or one with a slip."""
    code = offer.good.gtin
    if code is None or not dice.chance(offer.account.actor.gtin):
        return None
    if offer.fake and not dice.chance(0.6):
        body = "69" + str(dice.whole(10**9, 10**10 - 1))
        code = body + str(check_digit(body))
    if dice.chance(0.03 if offer.fake else 0.007):
        code = code[:-1] + str((int(code[-1]) + dice.whole(1, 9)) % 10)
    return code
