"""Who sells: ten kinds of seller, their share of listings, how often they sell copies, and at what price.

The figures are design choices that lean on published cases; `docs/explanation/simulator.md` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# How a listing is written. "clearance" is an honest seller who clears stock; the last two are open copies that do not say
# so: under grey words of origin, or in the words of an official shop.
Style = Literal[
    "official", "plain", "imported", "unbranded", "compatible", "used", "clearance",
    "deceptive", "overt", "grey copy", "official copy",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """A kind of seller. Prices are (median, sigma) of a log-normal share of the list price; ages and lives are in days.

    `fake_ratio` None means the shelf's own median, for hidden or open copies by `fake_style`.
    """

    name: str
    share: float
    fakes: float
    style: Style
    fake_style: Style
    ratio: tuple[float, float]
    fake_ratio: tuple[float | None, float]
    size: float  # median number of listings of one account
    age: float  # median age of the account at a listing
    brands: tuple[int, int]
    branded: float  # share of branded goods among the genuine listings
    life: float | None = None  # mean days until the account closes; None: it stays
    pace: float = 0.12  # orders a day of one listing, median
    unhappy: float = 0.05  # share of bad ratings
    gtin: float = 0.30
    papers: float = 0.35  # share of regulated goods that show a registration number
    verified: float = 0.55  # share whose identity is known before the law asks for it

    @property
    def copier(self) -> bool:
        """Whether selling copies is the trade of such sellers."""
        return self.life is not None or self.name == "hijacked"


ACTORS = (
    Actor("brand_official", .080, .000, "official", "deceptive", (.90, .10), (.65, .20), 45, 900, (1, 1), 1.0,
          pace=.50, unhappy=.02, gtin=.55, papers=.75, verified=1.0),
    Actor("authorised_reseller", .160, .002, "official", "deceptive", (.84, .13), (.65, .20), 22, 700, (2, 6), .92,
          pace=.30, unhappy=.03, gtin=.55, papers=.75, verified=.85),
    Actor("grey_importer", .130, .040, "imported", "deceptive", (.74, .17), (.50, .28), 10, 500, (3, 9), .95, gtin=.30),
    Actor("honest_small", .310, .005, "plain", "deceptive", (.80, .18), (.45, .35), 5, 450, (1, 4), .45),
    Actor("generic_unbranded", .160, .005, "unbranded", "overt", (1.0, .35), (.25, .40), 9, 450, (1, 2), .0,
          pace=.25, unhappy=.07, gtin=.05),
    Actor("compatible_parts", .070, .010, "compatible", "overt", (1.0, .40), (.30, .40), 10, 450, (1, 1), .0,
          pace=.25, unhappy=.06, gtin=.10),
    Actor("second_hand", .050, .050, "used", "deceptive", (.45, .38), (.35, .45), 2, 400, (2, 6), .95,
          pace=.02, gtin=.02),
    Actor("counterfeiter_naive", .022, .930, "plain", "overt", (.80, .20), (None, .45), 20, 20, (8, 25), .60,
          life=45, pace=.45, unhappy=.05, gtin=.05, papers=.10, verified=.15),
    Actor("counterfeiter_skilled", .014, .850, "official", "deceptive", (.78, .15), (None, .24), 14, 150, (1, 4), .90,
          life=240, pace=.20, unhappy=.10, gtin=.25, papers=.30, verified=.45),
    Actor("hijacked", .004, .700, "plain", "overt", (.82, .15), (.55, .30), 12, 1100, (3, 8), .60,
          pace=.20, unhappy=.06, gtin=.10, papers=.20, verified=.60),
)  # fmt: skip
