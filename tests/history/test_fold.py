from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import BehindTheLog, ReadsTheFuture
from counterfoil.history.fold import Fold
from counterfoil.history.replay import replay
from counterfoil.history.views import About
from counterfoil.ingest.entry import Entry, Subject
from counterfoil.ingest.events import Listed
from counterfoil.ingest.schema import Listing
from tests.worlds import activity, at, entries, listed, listing, subject, subjects, verdict


def folded(log: list[Entry]) -> Fold:
    fold = Fold()
    for entry in log:
        fold.observe(entry)
    return fold


def known(about: About) -> object:
    """What was known, without the subject itself; text, because NaN is not equal to itself."""
    return repr((about.seller, about.market, about.wording))


@given(entries(), subjects())
def test_a_listing_never_counts_itself(log: list[Entry], asked: Subject) -> None:
    own = asked.listing.listing_id
    without = [e for e in log if not (isinstance(e.event, Listed) and e.event.listing.listing_id == own)]
    verdicts_on_others = [e for e in without if not (e.event.type == "verdict" and e.event.target.id == own)]
    # Orders and complaints of the own listing do count for its seller, so the seller must be known from elsewhere.
    quiet = [e for e in log if not (e.event.type == "activity" and e.event.listing_id == own)]
    as_of = at(500 * 720)
    if own is None:
        return
    with_own = known(folded(quiet).about(asked, as_of))
    without_own = known(folded([e for e in verdicts_on_others if e in quiet]).about(asked, as_of))
    assert with_own == without_own


@given(entries(), subjects(), st.integers(1, 3))
def test_observe_then_score_equals_score_then_observe(log: list[Entry], asked: Subject, times: int) -> None:
    if asked.listing.listing_id is None or asked.seller is None:
        return
    as_of = at(500 * 720)
    fold = folded(log)
    before = known(fold.about(asked, as_of))
    seen_before = any(
        isinstance(e.event, Listed) and e.event.listing.listing_id == asked.listing.listing_id for e in log
    )
    waiting = any(e.event.type in {"activity", "verdict"} for e in log)
    if seen_before or waiting:  # an orphan's orders reach the seller when the listing is first seen: that is knowledge
        return
    for number in range(times):
        fold.observe(listed(as_of, asked.seller.seller_id, asked.listing, name=f"own{number}"))
    assert known(fold.about(asked, as_of)) == before


@given(entries(), st.data())
def test_nothing_after_an_instant_moves_what_was_known_at_it(log: list[Entry], data: st.DataObject) -> None:
    if not log:
        return
    cut = data.draw(st.sampled_from([entry.known_at for entry in log]))
    past = [entry for entry in log if entry.known_at <= cut]
    future = [entry for entry in data.draw(entries()) if entry.known_at > cut]
    renamed = [replace(entry, event=_renamed(entry)) for entry in future]
    seen = [known(about) for _, about in replay(past, Fold())]
    with_future = [known(about) for entry, about in replay(past + renamed, Fold()) if entry.known_at <= cut]
    assert with_future == seen


def _renamed(entry: Entry):  # type: ignore[no-untyped-def]
    return entry.event.model_copy(update={"event_id": f"later-{entry.event.event_id}"})


@given(entries())
def test_the_order_of_sightings_within_an_instant_does_not_move_the_market(log: list[Entry]) -> None:
    as_of = at(500 * 720)
    first_only: dict[str, Entry] = {}
    for entry in log:
        if isinstance(entry.event, Listed):
            first_only.setdefault(entry.event.listing.listing_id or "", replace(entry, known_at=at(0)))
    forwards = list(first_only.values())
    asked = subject(listing("new"), "s9")
    assert repr(folded(forwards).about(asked, as_of).market) == repr(folded(forwards[::-1]).about(asked, as_of).market)


def test_a_verdict_acts_strictly_after_its_instant() -> None:
    fold = folded([listed(at(0), "s1", listing("l1")), verdict(at(10), "v1", "l1")])
    asked = subject(listing("l2"), "s1")
    assert fold.about(asked, at(10)).seller.verdicts.counterfeit == 0
    assert fold.about(asked, at(11)).seller.verdicts.counterfeit == 1


def test_a_verdict_on_the_listing_itself_is_left_out() -> None:
    fold = folded([listed(at(0), "s1", listing("l1")), verdict(at(10), "v1", "l1")])
    assert fold.about(subject(listing("l1"), "s1"), at(20)).seller.verdicts.counterfeit == 0
    assert fold.about(subject(listing("l1"), "s1"), at(20)).wording.verdicts.counterfeit == 0


def test_a_superseded_verdict_is_taken_back_and_the_new_one_counts() -> None:
    fold = folded(
        [
            listed(at(0), "s1", listing("l1")),
            verdict(at(10), "v1", "l1"),
            verdict(at(20), "v2", "l1", "genuine", supersedes="v1"),
        ]
    )
    asked = subject(listing("l2"), "s1")
    at_its_instant, later = fold.about(asked, at(20)).seller.verdicts, fold.about(asked, at(21)).seller.verdicts
    assert (at_its_instant.counterfeit, at_its_instant.genuine) == (1, 0)
    assert (later.counterfeit, later.genuine) == (0, 1)


def test_a_verdict_and_orders_that_come_before_the_listing_wait_for_it() -> None:
    fold = folded(
        [verdict(at(0), "v1", "l1"), activity(at(1), "a1", "l1", orders=7), listed(at(2), "s1", listing("l1"))]
    )
    view = fold.about(subject(listing("l2"), "s1"), at(3)).seller
    assert view.verdicts.counterfeit == 1
    assert view.activity.orders == 7


def test_a_re_sighting_is_counted_once_and_its_latest_price_replaces() -> None:
    path: dict[str, Any] = {"category_path": ["Giày Dép Nam"]}
    log = [listed(at(i), "s2", listing(f"x{i}", price=100_000, **path)) for i in range(4)]
    log += [
        listed(at(10), "s1", listing("l1", price=100_000, **path)),
        listed(at(20), "s1", listing("l1", price=900_000, **path)),
    ]
    about = folded(log).about(subject(listing("l2", price=100_000, **path), "s1"), at(30))
    assert about.seller.listings_total == 1
    assert about.market.level("category").count == 5
    assert about.market.level("category").median == pytest.approx(100_000, rel=0.01)


def test_hand_carried_listings_are_counted_by_what_their_latest_title_says() -> None:
    first = [listed(at(0), "s1", listing("l1", title="Son Dior xách tay Pháp")), listed(at(1), "s1", listing("l2"))]
    asked = subject(listing("new"), "s1")

    def carried(*more: Entry) -> tuple[int, int]:
        seller = folded([*first, *more]).about(asked, at(30)).seller
        return seller.hand_carried, seller.listings_total

    assert carried() == (1, 2)
    assert carried(listed(at(10), "s1", listing("l1", title="Son Dior xách tay Pháp, bill"))) == (1, 2)
    assert carried(listed(at(10), "s1", listing("l2", title="Giày Nike xách tay Mỹ"))) == (2, 2)
    assert carried(listed(at(10), "s1", listing("l1", title="Son Dior"))) == (0, 2)
    assert carried(listed(at(10), "s1", listing("l1", title="Son Dior xách tay super fake"))) == (0, 2)


def test_what_a_listing_says_of_itself_is_not_held_for_its_seller_s_word() -> None:
    carried = {"title": "Son Dior xách tay Pháp"}
    fold = folded([listed(at(0), "s1", listing("l1", **carried)), listed(at(1), "s1", listing("l2", **carried))])
    assert fold.about(subject(listing("l1", title="Son Dior"), "s1"), at(2)).seller.hand_carried == 1
    assert fold.about(subject(listing("l1", **carried), "s2"), at(2)).seller.hand_carried == 0


@given(entries(), subjects())
def test_hand_carried_counts_are_those_of_the_latest_titles_of_the_others(log: list[Entry], asked: Subject) -> None:
    sellers: dict[str, str] = {}
    latest: dict[str, Listing] = {}
    for entry in log:
        if isinstance(entry.event, Listed):
            name = entry.event.listing.listing_id or ""
            sellers.setdefault(name, entry.event.seller_id)
            latest[name] = entry.event.listing
    view = folded(log).about(asked, at(500 * 720)).seller
    others = [
        latest[name]
        for name, seller in sellers.items()
        if asked.seller is not None and seller == asked.seller.seller_id and name != asked.listing.listing_id
    ]
    assert view.listings_total == len(others)
    assert view.hand_carried == sum("xách tay" in one.title for one in others)


def test_the_price_reference_falls_back_and_says_which_level_it_used() -> None:
    shoes: dict[str, Any] = {"category_path": ["Giày Dép Nam"]}
    log = [listed(at(i), "s2", listing(f"x{i}", price=1_000_000, brand="Nike", **shoes)) for i in range(6)]
    log += [listed(at(10 + i), "s3", listing(f"y{i}", price=100_000, **shoes)) for i in range(6)]
    fold = folded(log)
    nike = fold.about(subject(listing("n", price=500_000, brand="Nike", **shoes), "s1"), at(30)).market.reference
    plain = fold.about(subject(listing("p", price=500_000, **shoes), "s1"), at(30)).market.reference
    bag = fold.about(subject(listing("q", price=500_000, category_path=["Túi ví nữ"]), "s1"), at(30)).market.reference
    assert nike is not None
    assert nike.level == "brand×category×pack"
    assert 500_000 < nike.price < 1_000_000  # shrunk towards the cheaper category
    assert plain is not None
    assert plain.level == "category×pack"
    assert bag is None


def test_a_list_price_hint_serves_an_empty_store() -> None:
    about = Fold().about(subject(listing("n", brand="Nike", category_path=["Giày Dép Nam"]), "s1"), at(0))
    assert about.market.reference is not None
    assert about.market.reference.level == "list_price"


def test_a_hidden_price_is_not_a_cheap_one() -> None:
    fold = folded([listed(at(i), "s2", listing(f"x{i}", price=0)) for i in range(9)])
    about = fold.about(subject(listing("n", price=0), "s1"), at(30))
    assert about.market.unit_price is None
    assert about.market.reference is None


def test_the_fold_never_runs_backwards() -> None:
    fold = folded([listed(at(10), "s1", listing("l1"))])
    with pytest.raises(BehindTheLog, match="never runs backwards"):
        fold.observe(listed(at(9), "s1", listing("l2")))
    with pytest.raises(ReadsTheFuture, match="has already been read"):
        fold.about(subject(listing("l1")), at(9))


def test_seller_facts_are_completed_by_what_other_listings_showed() -> None:
    fold = folded([listed(at(0), "s1", listing("l1"), {"stats": {"followers": 7}})])
    assert fold.about(subject(listing("l2"), "s1"), at(1)).seller.facts.followers == 7
    assert fold.about(subject(listing("l1"), "s1"), at(1)).seller.facts.followers is None
    assert fold.about(subject(listing("l2"), "s1", stats={"followers": 9}), at(1)).seller.facts.followers == 9


def test_other_sellers_of_the_same_wording_are_counted() -> None:
    fold = folded([listed(at(i), f"s{i}", listing(f"l{i}", title="Giày da nam")) for i in range(3)])
    assert fold.about(subject(listing("l0", title="nam giày DA"), "s0"), at(9)).wording.other_sellers == 2
    assert fold.about(subject(listing("new", title="nam giày DA"), "s9"), at(9)).wording.other_sellers == 3


def test_windows_end_at_as_of_and_forget_what_is_older() -> None:
    fold = folded([listed(at(0), "s1", listing("l1"))])
    asked = subject(listing("l2"), "s1")
    assert fold.about(asked, at(6 * 1440)).seller.listings_d7 == 1
    assert fold.about(asked, at(7 * 1440)).seller.listings_d7 == 0
    assert fold.about(asked, at(29 * 1440)).seller.listings_d30 == 1
    assert fold.about(asked, at(400 * 1440)).seller.listings_total == 1
