"""Mutation over the replay: a changed verdict, price or title in the past moves exactly the rows it should, and no other.

Which rows those are is worked out here from the keys by which listings are filed (seller, wording, brand, category, pack, code)
and from the times, never by asking the fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from counterfoil.history.codes import counted_keys
from counterfoil.history.fold import Fold
from counterfoil.history.keys import Keys, keys_of, price_bin
from counterfoil.history.replay import replay
from counterfoil.history.views import About
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Listed, Verdict
from counterfoil.ingest.intake import ContactKey
from counterfoil.ingest.schema import Listing, Price
from counterfoil.ingest.source import read_log
from counterfoil.model.bundle import Bundle
from counterfoil.synth.write import write_market
from tests.worlds import at, entries, listed, listing, verdict

Floats = NDArray[np.float64]
OTHER = {"counterfeit": "genuine", "genuine": "counterfeit"}
CARRIED = "Giày Nike xách tay Mỹ"
TITLES = [
    "Giày thể thao nam",
    "Túi xách da",
    "Giày Nike thể thao",
    "Kem dưỡng 154960/21/CBMP-QLD",
    "Combo 6 dép",
    CARRIED,
]
CREAM = "Kem dưỡng da 154960/21/CBMP-QLD"
DAY = 1440
# A price counts on its day and on the 89 after it.
WINDOW = 90


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Bundle.load(Path("models/demo"))


@dataclass(frozen=True, slots=True)
class Judged:
    """The sightings of a log by their places in it, what was known of each, and the numbers each is judged by."""

    about: dict[int, About]
    matrix: Floats
    margins: Floats

    def moved(self, other: Judged) -> tuple[set[int], set[int]]:
        """The places whose columns differ, and those whose scores do; a view that differs where no column does fails here."""
        assert list(self.about) == list(other.about)
        same = (self.matrix == other.matrix) | (np.isnan(self.matrix) & np.isnan(other.matrix))
        places = np.array(list(self.about))
        columns = set(places[~same.all(axis=1)].tolist())
        scores = set(places[self.margins != other.margins].tolist())
        assert scores <= columns
        return columns, scores

    def looked(self, other: Judged) -> set[int]:
        """The places of which something else was known, whether or not a column shows it."""
        return {place for place, about in self.about.items() if known(about) != known(other.about[place])}


def known(about: About) -> str:
    """What was known beside the listing itself; text, because NaN is not equal to itself."""
    return repr((about.seller, about.market, about.wording, about.codes))


def judged(log: Sequence[Entry], bundle: Bundle) -> Judged:
    """Replay a log and score every sighting in one batch."""
    places = {id(entry): place for place, entry in enumerate(log)}
    about = {places[id(entry)]: one for entry, one in replay(log, Fold())}
    if not about:
        return Judged({}, np.zeros((0, 0)), np.zeros(0))
    _, matrix = bundle.columns.of(list(about.values()))
    return Judged(about, matrix, np.array([risk.margin for risk in bundle.risk(matrix)]))


def changed(log: Sequence[Entry], place: int, entry: Entry) -> list[Entry]:
    return [*log[:place], entry, *log[place + 1 :]]


# ---- what may move, from keys and times alone ----


def sightings(log: Sequence[Entry], name: str | None = None) -> list[tuple[int, Entry, Listed]]:
    """The places of sightings, of one listing or of all."""
    rows = [(place, entry, entry.event) for place, entry in enumerate(log) if isinstance(entry.event, Listed)]
    return [row for row in rows if name is None or row[2].listing.listing_id == name]


def heard(log: Sequence[Entry], place: int) -> set[int]:
    """The rows that read a verdict: strictly after it, until another takes its place, of its seller or its words."""
    ruling = log[place].event
    assert isinstance(ruling, Verdict)
    start, target = log[place].known_at, ruling.target
    later = [
        entry.known_at
        for entry in log[place:]
        if isinstance(entry.event, Verdict)
        and entry.event.supersedes == ruling.label_id
        and entry.event.target.type == target.type
        and entry.event.target.id == target.id
    ]
    own = sightings(log, target.id) if target.type == "listing" else []
    found = set()
    for row, entry, event in sightings(log):
        if not start < entry.known_at <= min(later, default=datetime.max.replace(tzinfo=UTC)):
            continue
        if target.type == "seller":
            if event.seller_id == target.id:
                found.add(row)
            continue
        seen = [one for one in own if one[1].known_at <= entry.known_at]
        if not seen or event.listing.listing_id == target.id:
            continue
        same_words = keys_of(event.listing).wording == keys_of(seen[-1][2].listing).wording
        # A listing stays with the seller who showed it first.
        if event.seller_id == seen[0][2].seller_id or same_words:
            found.add(row)
    return found


def filed(keys: Keys) -> set[tuple[object, ...]]:
    """Where a sighting is counted, and as what."""
    price = price_bin(keys.unit_price) if keys.unit_price is not None else 0
    places: set[tuple[object, ...]] = {("market", market, price) for market in keys.markets().values()}
    places |= {("code", code, keys.brand, keys.category) for code in counted_keys(keys.codes)}
    spread = {("brand", keys.brand), ("category", keys.category), ("hand_carried", keys.hand_carried)}
    return places | {("wording", keys.wording)} | spread


def reached(log: Sequence[Entry], place: int, other: Entry) -> set[int]:
    """The rows that may read a changed sighting: its own, and others that share what changed, until it is seen again."""
    old, new = log[place].event, other.event
    assert isinstance(old, Listed)
    assert isinstance(new, Listed)
    name, start = old.listing.listing_id, log[place].known_at
    seen_again = [entry.known_at for at_place, entry, _ in sightings(log, name) if at_place > place]
    until = min(seen_again, default=datetime.max.replace(tzinfo=UTC))
    first_seller = sightings(log, name)[0][2].seller_id
    difference = {one[:2] for one in filed(keys_of(old.listing)) ^ filed(keys_of(new.listing))}
    kinds = {kind for kind, *_ in difference}
    found = {place}
    for row, entry, event in sightings(log):
        if not start <= entry.known_at < until or event.listing.listing_id == name:
            continue
        keys = keys_of(event.listing)
        reads: set[tuple[object, ...]] = {
            ("wording", keys.wording),
            *(("code", code) for code in counted_keys(keys.codes)),
        }
        if (entry.known_at.date() - start.date()).days < WINDOW:
            reads |= {("market", market) for market in keys.markets().values()}
        of_seller = bool(kinds & {"brand", "category", "hand_carried"}) and event.seller_id == first_seller
        if of_seller or reads & difference:
            found.add(row)
    return found


# ---- the changes ----


def flipped(entry: Entry) -> Entry:
    """A verdict turned round."""
    assert isinstance(entry.event, Verdict)
    return replace(entry, event=entry.event.model_copy(update={"label": OTHER[entry.event.label]}))


def resold(entry: Entry, **update: object) -> Entry:
    """A sighting whose listing said something else."""
    assert isinstance(entry.event, Listed)
    changed_listing = entry.event.listing.model_copy(update=update)
    return replace(entry, event=entry.event.model_copy(update={"listing": changed_listing}))


def dong(amount: int | None) -> Price | None:
    return None if amount is None else Price(amount=Decimal(amount), currency="VND")


@st.composite
def crowds(draw: st.DrawFn) -> list[Entry]:
    """A log of many listings in few markets, so that price levels have enough of them; with ties, and some seen again."""
    times = sorted(draw(st.lists(st.integers(0, 120), min_size=8, max_size=24)))
    log = []
    for number, day in enumerate(times):
        what = listing(
            f"l{draw(st.integers(0, 17))}",
            title=draw(st.sampled_from(TITLES)),
            price=draw(st.sampled_from(["90000", "200000", "210000", "950000", None])),
            brand=draw(st.sampled_from([None, "Nike", "OEM"])),
            category_path=draw(st.sampled_from([["Giày Dép Nam"], ["Giày Dép Nam"], ["Sắc Đẹp"]])),
        )
        log.append(listed(at(day * DAY), f"s{draw(st.integers(0, 4))}", what, name=f"e{number}"))
    return log


@st.composite
def rulings(draw: st.DrawFn) -> list[Entry]:
    """A log of few sellers with verdicts close to the sightings that read them, many at the same instant, some taken back."""
    log: list[Entry] = []
    standing: dict[str, str] = {}
    for number, day in enumerate(sorted(draw(st.lists(st.integers(0, 6), min_size=6, max_size=24)))):
        name, seller = f"l{draw(st.integers(0, 4))}", f"s{draw(st.integers(0, 1))}"
        if number and draw(st.booleans()):
            target = draw(st.sampled_from([name, name, seller]))
            old = standing.pop(target, None) if draw(st.booleans()) else None
            more = {"target_type": "listing" if target == name else "seller", **({"supersedes": old} if old else {})}
            log.append(verdict(at(day * DAY), f"v{number}", target, draw(st.sampled_from([*OTHER, "unsure"])), **more))
            standing[target] = f"v{number}"
        else:
            log.append(
                listed(at(day * DAY), seller, listing(name, title=draw(st.sampled_from(TITLES))), name=f"e{number}")
            )
    return log


@given(st.data(), st.one_of(rulings(), entries()))
def test_a_verdict_turned_round_moves_exactly_the_rows_that_read_it(
    bundle: Bundle, data: st.DataObject, log: list[Entry]
) -> None:
    places = [place for place, one in enumerate(log) if isinstance(one.event, Verdict) and one.event.label in OTHER]
    assume(places)
    place = data.draw(st.sampled_from(places))
    before, after = judged(log, bundle), judged(changed(log, place, flipped(log[place])), bundle)
    columns, _ = before.moved(after)
    assert columns == before.looked(after) == heard(log, place)


@given(st.data(), st.one_of(crowds(), entries()), st.sampled_from([None, 0, 45_000, 202_000, 5_000_000]))
def test_another_price_moves_its_own_row_and_later_ones_of_a_market_they_share(
    bundle: Bundle, data: st.DataObject, log: list[Entry], amount: int | None
) -> None:
    seen = sightings(log)
    assume(seen)
    place, entry, _ = data.draw(st.sampled_from(seen))
    other = resold(entry, price=dong(amount))
    before, after = judged(log, bundle), judged(changed(log, place, other), bundle)
    columns, _ = before.moved(after)
    assert columns | before.looked(after) <= reached(log, place, other)


@given(st.data(), st.one_of(crowds(), entries()), st.sampled_from([*TITLES, "Giày Gucci rep 1:1", "Dép lẻ 45k"]))
def test_another_title_moves_its_own_row_and_later_ones_that_share_what_it_names(
    bundle: Bundle, data: st.DataObject, log: list[Entry], title: str
) -> None:
    seen = sightings(log)
    assume(seen)
    place, entry, _ = data.draw(st.sampled_from(seen))
    other = resold(entry, title=title)
    before, after = judged(log, bundle), judged(changed(log, place, other), bundle)
    columns, _ = before.moved(after)
    assert columns | before.looked(after) <= reached(log, place, other)


# ---- and what should move does ----


def goods(number: int, seller: str, day: float, **more: object) -> Entry:
    """A pair of shoes of its own words, sold by `seller`."""
    what = {"title": f"Giày da nam mẫu {number}", "price": "500000", "category_path": ["Giày Dép Nam"], **more}
    return listed(at(day * DAY), seller, listing(f"l{number}", **what))  # type: ignore[arg-type]


def test_a_verdict_moves_the_seller_s_other_listings_and_the_same_words_and_only_afterwards(bundle: Bundle) -> None:
    words = "Giày da nam cao cấp"
    log = [
        goods(0, "s0", 0, title=words),
        goods(1, "s0", 1),
        goods(2, "s0", 2),  # at the instant of the verdict: it does not act yet
        verdict(at(2 * DAY), "v", "l0"),
        goods(3, "s0", 3),
        goods(4, "s1", 4, title="cao cấp nam GIÀY da"),
        goods(5, "s1", 5),
        goods(0, "s0", 6, title=words),  # its own verdict is left out
    ]
    before, after = judged(log, bundle), judged(changed(log, 3, flipped(log[3])), bundle)
    columns, scores = before.moved(after)
    assert columns == heard(log, 3) == {4, 5}
    assert 4 in scores


def test_a_verdict_that_was_taken_back_no_longer_moves_what_comes_after(bundle: Bundle) -> None:
    log = [
        goods(0, "s0", 0),
        verdict(at(1 * DAY), "v", "l0"),
        goods(1, "s0", 2),
        verdict(at(3 * DAY), "w", "l0", "genuine", supersedes="v"),
        goods(2, "s0", 3),  # at the instant of the correction the first verdict still stands
        goods(3, "s0", 4),
    ]
    columns, _ = judged(log, bundle).moved(judged(changed(log, 1, flipped(log[1])), bundle))
    assert columns == heard(log, 1) == {2, 4}


def test_a_price_moves_the_reference_of_its_market_for_ninety_days_and_of_no_other(bundle: Bundle) -> None:
    log = [
        goods(0, "s0", 0, price="400000"),
        *(goods(number, f"s{number}", 85, price=str(400_000 + 50_000 * number)) for number in range(1, 6)),
        goods(6, "s6", 89),
        goods(7, "s7", 89, category_path=["Sắc Đẹp"]),
        goods(8, "s0", 89, price=None),
        goods(9, "s9", 90),
        goods(10, "s0", 90),
    ]
    other = resold(log[0], price=dong(5_000_000))
    columns, scores = judged(log, bundle).moved(judged(changed(log, 0, other), bundle))
    assert {0, 6} <= columns <= reached(log, 0, other) == {*range(7)}
    assert 0 in scores


def test_a_price_seen_again_is_replaced_and_moves_nothing_after_that(bundle: Bundle) -> None:
    log = [
        *(goods(number, f"s{number}", number) for number in range(6)),
        goods(6, "s6", 7),
        goods(0, "s0", 8, price="450000"),
        goods(7, "s7", 9),
    ]
    other = resold(log[0], price=dong(100_000_000))
    before, after = judged(log, bundle), judged(changed(log, 0, other), bundle)
    assert 7 not in before.looked(after)
    assert 8 not in before.looked(after)
    assert before.looked(after) <= reached(log, 0, other) == {*range(7)}


def test_a_title_moves_the_rows_that_share_its_words_its_brand_or_its_code(bundle: Bundle) -> None:
    cream = {"category_path": ["Sắc Đẹp"], "price": "150000"}
    log = [
        goods(0, "s0", 0),
        goods(1, "s0", 1),  # the same seller: its brands were one fewer
        goods(2, "s2", 2, title="Giày Nike nam"),  # the new title's words
        goods(3, "s3", 3, title="Giày da nam mẫu 0"),  # the old one's
        goods(4, "s4", 4, title="Kem trị mụn", **cream),
        goods(5, "s0", 5, title="Kem trị nám", **cream),
        goods(6, "s6", 6, title="Giày vải", price=None),
    ]
    other = resold(log[0], title="Giày Nike nam")
    columns, _ = judged(log, bundle).moved(judged(changed(log, 0, other), bundle))
    assert {0, 1, 2, 3, 5} <= columns <= reached(log, 0, other)
    assert {4, 6}.isdisjoint(columns)

    coded = [
        goods(0, "s0", 0, title=CREAM, brand="Cocoon", **cream),
        goods(1, "s1", 1, title=CREAM, brand="Dior", **cream),
    ]
    bare = resold(coded[0], title="Kem dưỡng da")
    columns, _ = judged(coded, bundle).moved(judged(changed(coded, 0, bare), bundle))
    assert columns == reached(coded, 0, bare) == {0, 1}


def test_a_title_that_says_hand_carried_moves_its_seller_s_later_listings_until_it_no_longer_does(
    bundle: Bundle,
) -> None:
    log = [
        goods(0, "s0", 0, title="Giày Nike nam Mỹ"),
        goods(1, "s0", 0),  # at the same instant: what is on show at it is known
        goods(2, "s1", 1),  # another seller
        goods(3, "s0", 2),
        goods(0, "s0", 3, title="Giày Nike nam"),
        goods(4, "s0", 4),
    ]
    other = resold(log[0], title="Giày Nike nam xách tay Mỹ")
    columns, _ = judged(log, bundle).moved(judged(changed(log, 0, other), bundle))
    assert columns == reached(log, 0, other) == {0, 1, 3}
    silent = resold(log[0], title="Giày Nike nam xách tay Mỹ super fake")  # a stronger word: nothing is counted
    columns, _ = judged(log, bundle).moved(judged(changed(log, 0, silent), bundle))
    assert columns == reached(log, 0, silent) == {0}


@pytest.mark.slow
def test_over_a_simulated_market_changes_reach_what_they_should_and_nothing_else(
    bundle: Bundle, tmp_path: Path
) -> None:
    write_market(250, 5, tmp_path)
    now = datetime(2026, 12, 1, tzinfo=UTC)
    log = list(read_log(tmp_path / "events.jsonl", key=ContactKey("k1", bytes(16)), now=now))
    before = judged(log, bundle)
    dice = np.random.default_rng(0)
    seen = [place for place, *_ in sightings(log)]
    rulings = [place for place, one in enumerate(log) if isinstance(one.event, Verdict) and one.event.label in OTHER]
    assert len(rulings) >= 5
    others = {"verdict": 0, "price": 0, "title": 0}
    for place in dice.choice(rulings, 5, replace=False).tolist():
        columns, _ = before.moved(judged(changed(log, place, flipped(log[place])), bundle))
        assert columns == heard(log, place)
        others["verdict"] += len(columns)
    for place in dice.choice(seen[: len(seen) // 2], 6, replace=False).tolist():
        event = log[place].event
        assert isinstance(event, Listed)
        borrowed: Listing = next(
            one.listing for _, _, one in sightings(log) if one.listing.title != event.listing.title
        )
        for kind, other in (
            ("price", resold(log[place], price=dong(7_000))),
            ("title", resold(log[place], title=borrowed.title)),
        ):
            columns, scores = before.moved(judged(changed(log, place, other), bundle))
            assert columns <= reached(log, place, other)
            assert place in columns
            assert len(scores) > 0
            others[kind] += len(columns - {place})
    assert all(others.values()), others
