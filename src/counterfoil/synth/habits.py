"""How likely sellers fill each slot of a title, by the way they write."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.synth.actors import Style


@dataclass(frozen=True, slots=True)
class Habits:
    """The chance of each slot; `teencode` and `accentless` are shares of titles typed so."""

    hook: float = 0.30
    claim: float = 0.0
    slang: float = 0.0
    hint: float = 0.0
    grey: float = 0.02
    assurance: float = 0.35
    trap: float = 0.06
    origin: float = 0.04
    price: float = 0.02
    contact: float = 0.01
    english: float = 0.08
    teencode: float = 0.05
    accentless: float = 0.04


# A few honest sellers use the same loose words ("loại 1", "siêu cấp"), and a few hidden copies slip.
HABITS: dict[Style, Habits] = {
    "official": Habits(hook=0.20, assurance=0.40, trap=0.06),
    "plain": Habits(hint=0.005, grey=0.05, assurance=0.40, price=0.03, contact=0.02),
    "imported": Habits(hint=0.006, grey=0.10, assurance=0.50, trap=0.07, origin=0.60, contact=0.04),
    "unbranded": Habits(hook=0.40, hint=0.009, grey=0.20, assurance=0.06, trap=0.07, price=0.05, contact=0.03),
    "compatible": Habits(hint=0.008, assurance=0.12, trap=0.06),
    "used": Habits(hook=0.12, claim=0.004, hint=0.007, grey=0.10, assurance=0.45, trap=0.06, contact=0.05),
    "clearance": Habits(hook=0.30, hint=0.12, grey=0.25, assurance=0.35, trap=0.60, price=0.15, contact=0.10),
    "deceptive": Habits(
        hook=0.25, claim=0.09, slang=0.04, hint=0.08, grey=0.12, assurance=0.70, trap=0.06, origin=0.15, contact=0.04
    ),
    "overt": Habits(
        hook=0.50,
        claim=0.80,
        slang=0.12,
        hint=0.44,
        grey=0.12,
        assurance=0.25,
        trap=0.07,
        price=0.20,
        contact=0.25,
        teencode=0.10,
        accentless=0.08,
    ),
    "grey copy": Habits(hook=0.40, slang=0.08, hint=0.08, grey=1.0, assurance=0.20, price=0.15, contact=0.20),
    "official copy": Habits(hook=0.25, assurance=0.55, trap=0.05, origin=0.08, contact=0.08),
}  # fmt: skip
