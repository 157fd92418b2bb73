"""Searches through many listings: brand owners look for copies, platforms for words."""

from __future__ import annotations

from functools import cache

from counterfoil.language.normalise import fold_text
from counterfoil.synth.calendar import DAY
from counterfoil.synth.dice import Dice
from counterfoil.synth.findings import Finding, found
from counterfoil.synth.offers import Offer
from counterfoil.synth.spoken import phrases

# The share of hand-carried goods that brand owners look at, and how many of those they take for copies.
_LOOKED_AT, _MISTAKEN = 0.3, 0.06
_SOUGHT = 5_000_000  # brands whose goods cost at least this much, or are copied a lot, search for themselves
_OPEN, _HIDDEN = 0.25, 0.08
_FILTERED = 0.35  # of the listings with a filtered word, how many the filter removes while they stand
_KNOWN_SHOP = 0.5  # filters spare half of the official shops' listings that hold such a word


def brand_sweep(offer: Offer, dice: Dice) -> list[Finding]:
    """Brand owners find some open copies, few hidden ones, and take some hand-carried goods for copies."""
    if offer.good.brand is None or (offer.good.list_price < _SOUGHT and offer.good.copied < 0.2):
        return []
    if offer.fake:
        noticed = _OPEN if offer.style == "overt" else _HIDDEN
    else:
        noticed = _LOOKED_AT * _MISTAKEN if offer.account.actor.name == "grey_importer" else 0.0
    at = offer.seen + (1 + dice.wait(21)) * DAY
    if dice.chance(noticed) and at < offer.gone:
        return [found(offer, at, True, "rights_holder_notice", mechanism="external", dice=dice)]
    return []


def filtered(offer: Offer, title: str, dice: Dice) -> float | None:
    """When a platform's word filter removes the listing, if it does: it reads letters and not meaning."""
    if not holds_filtered_word(title):
        return None
    at = offer.seen + (1 + dice.wait(30)) * DAY
    spared = offer.account.official and dice.chance(_KNOWN_SHOP)
    return at if dice.chance(_FILTERED) and not spared and at < offer.gone else None


def holds_filtered_word(title: str) -> bool:
    """Whether a title holds, letter by letter, a word of the platforms' list."""
    text = fold_text(title)
    return any(word in text for word in _words())


@cache
def _words() -> tuple[str, ...]:
    return tuple(fold_text(word) for word in phrases()["filtered"])
