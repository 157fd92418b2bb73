from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.history.codes import MOST_CODES, CodeView, codes_of
from counterfoil.history.fold import Fold
from counterfoil.history.replay import replay
from counterfoil.ingest.entry import Entry
from counterfoil.ingest.events import Listed
from counterfoil.ingest.register import CsvRegister, RegisterEntry
from counterfoil.ingest.schema import Listing
from counterfoil.store.store import Store
from tests.worlds import at, listed, listing, subject

CREAM, OTHER = "154960/21/CBMP-QLD", "259062/24/CBMP-QLD"
GTIN = "8930000000019"
NOW = at(0)
COSMETICS: dict[str, Any] = {"category_path": ["Sắc Đẹp", "Chăm sóc da mặt"]}


def ask(fold: Fold, what: Listing, seller: str | None = "s9") -> tuple[CodeView, ...]:
    return fold.about(subject(what, seller), at(500 * 720)).codes


def seen(fold: Fold, what: Listing, seller: str | None = "s9") -> tuple[int, int, int]:
    """Alike, unlike and other sellers of the only code of a listing."""
    (view,) = ask(fold, what, seller)
    return view.alike, view.unlike, view.other_sellers


def folded(*log: Entry) -> Fold:
    fold = Fold()
    for entry in log:
        fold.observe(entry)
    return fold


def cream(name: str, brand: str | None = "Cocoon", code: str = CREAM, **more: Any) -> Listing:
    return listing(name, title=f"Kem {code}", brand=brand, **{**COSMETICS, **more})


def test_codes_are_read_from_every_field_each_once_and_with_its_place() -> None:
    what = listing(
        title=f"Kem {CREAM}",
        description=f"Số công bố {CREAM}, quảng cáo 497/2025/XNQC-ATTP",
        gtins=[GTIN, f"https://example.com/01/0{GTIN}", "2000000000015", "9786040000019"],
        attributes={"Số đăng ký": "VN-123-20", "Mã khác": ["x", OTHER], "Lá": {"sâu": 1}, "Có": True},
    )
    found = [(code.kind, code.field) for code in codes_of(what, "cosmetics")]
    assert found == [
        ("gtin", "gtins"),
        ("isbn", "gtins"),
        ("cosmetic_notification", "title"),
        ("ad_approval", "description"),
        ("medicine_registration", "attributes.Số đăng ký"),
        ("cosmetic_notification", "attributes.Mã khác"),
    ]


def test_many_variants_do_not_crowd_out_the_numbers_in_the_texts() -> None:
    from counterfoil.language.codes import read_gtin

    made = (f"89300000{number:04d}" for number in range(10, 60))
    gtins = [body + next(d for d in "0123456789" if read_gtin(body + d).valid) for body in made]
    found = codes_of(listing(title=CREAM, gtins=gtins), None)
    assert [code.kind for code in found].count("gtin") == MOST_CODES
    assert found[-1].code == CREAM


def test_the_same_number_on_another_brand_is_unlike_and_on_the_same_alike() -> None:
    fold = folded(
        listed(at(0), "s1", cream("a")),
        listed(at(1), "s2", cream("b")),
        listed(at(2), "s2", cream("c", brand="Innisfree")),
        listed(at(3), "s3", cream("d", code=OTHER, brand="Innisfree")),
    )
    assert seen(fold, cream("new")) == (2, 1, 2)
    assert seen(fold, cream("new", brand="Innisfree")) == (1, 2, 2)
    assert seen(fold, cream("new", brand="Innisfree"), "s2") == (1, 2, 1)


def test_a_barcode_meets_its_digital_link() -> None:
    shoe = listing("a", gtins=[GTIN], brand="Nike")
    fold = folded(listed(at(0), "s1", shoe))
    assert seen(fold, listing("b", gtins=[f"https://example.com/01/0{GTIN}/10/L1"], brand="Adidas")) == (0, 1, 1)


def test_without_a_brand_the_category_decides_and_without_either_nothing_is_unlike() -> None:
    fold = folded(listed(at(0), "s1", cream("a", brand=None)))
    assert seen(fold, cream("b")) == (1, 0, 1)
    assert seen(fold, cream("b", brand=None, category_path=["Giày Dép Nam"])) == (0, 1, 1)
    assert seen(fold, cream("b", brand=None, category_path=[])) == (1, 0, 1)


def test_a_longer_spelling_of_a_brand_is_the_same_brand() -> None:
    fold = folded(listed(at(0), "s1", cream("a", brand="Xưởng Hoa")))
    assert seen(fold, cream("b", brand="Xưởng Hoa Việt")) == (1, 0, 1)
    assert seen(fold, cream("b", brand="Xưởng Hoà")) == (1, 0, 1)
    assert seen(fold, cream("b", brand="Xưởng Hoan")) == (0, 1, 1)


@pytest.mark.parametrize("code", ["123456/24/CBMP-QLD", "9154960/21/CBMP-QLD"])
def test_made_up_numbers_are_not_held_against_others_who_make_them_up(code: str) -> None:
    fold = folded(listed(at(0), "s1", cream("a", code=code)))
    assert seen(fold, cream("b", code=code, brand="Innisfree")) == (0, 0, 0)


def test_a_re_sighting_moves_a_listing_to_its_new_code() -> None:
    fold = folded(listed(at(0), "s1", cream("a")), listed(at(1), "s1", cream("a", code=OTHER)))
    assert seen(fold, cream("b", brand="Innisfree")) == (0, 0, 0)
    assert seen(fold, cream("b", code=OTHER, brand="Innisfree")) == (0, 1, 1)


_CODES = st.sampled_from([CREAM, OTHER, "123456/24/CBMP-QLD", ""])
_BRANDS = st.sampled_from([None, "Cocoon", "Innisfree", "Xưởng | Nhỏ"])
_LISTINGS = st.builds(
    lambda name, code, brand, gtins: cream(name, brand, code or "không số", gtins=gtins),
    st.sampled_from(["a", "b", "c", "d"]),
    _CODES,
    _BRANDS,
    st.sampled_from([[], [GTIN], [GTIN, "9786040000019"]]),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    sightings = draw(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["s1", "s2"]), _LISTINGS), max_size=12))
    ordered = sorted(sightings, key=lambda one: one[0])
    return [listed(at(step), seller, what, name=f"e{n}") for n, (step, seller, what) in enumerate(ordered)]


@given(logs(), _LISTINGS)
def test_a_listing_never_counts_its_own_codes(log: list[Entry], what: Listing) -> None:
    others = [e for e in log if isinstance(e.event, Listed) and e.event.listing.listing_id != what.listing_id]
    assert ask(folded(*log), what) == ask(folded(*others), what)
    assert ask(folded(*log, listed(at(30), "s9", what)), what) == ask(folded(*others), what)


@given(logs(), logs(), st.integers(0, 20))
def test_nothing_after_an_instant_moves_the_codes_known_at_it(log: list[Entry], later: list[Entry], cut: int) -> None:
    past = [entry for entry in log if entry.known_at <= at(cut)]
    future = [
        replace(entry, event=entry.event.model_copy(update={"event_id": f"later{n}"}))
        for n, entry in enumerate(later)
        if entry.known_at > at(cut)
    ]
    seen_then = [about.codes for _, about in replay(past, Fold())]
    assert [about.codes for entry, about in replay(past + future, Fold()) if entry.known_at <= at(cut)] == seen_then


@given(logs())
def test_when_all_listings_have_gone_elsewhere_no_count_is_left(log: list[Entry]) -> None:
    away = [listed(at(30), "s1", listing(name, title="Dép", brand="Cocoon"), name=f"away-{name}") for name in "abcd"]
    fold = folded(*log, *away)
    for code in (CREAM, OTHER):
        assert seen(fold, cream("new", code=code, brand="Innisfree")) == (0, 0, 0)


@settings(max_examples=25, deadline=None)
@given(log=logs(), what=_LISTINGS)
def test_the_store_knows_the_same_codes_as_memory(
    tmp_path_factory: pytest.TempPathFactory, log: list[Entry], what: Listing
) -> None:
    register = CsvRegister([entry(known_from=date(2025, 1, 1))])
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('s') / 'log.db'}", register)
    store.append(log)
    memory = Fold(register=register)
    for one in log:
        memory.observe(one)
    with store.snapshot() as snapshot:
        assert ask(snapshot.history, what) == ask(memory, what)
    with store.writing() as writer:
        assert ask(writer.history, what) == ask(memory, what)
    store.close()


def entry(**change: Any) -> RegisterEntry:
    """A valid entry for the cream, known long ago."""
    valid = RegisterEntry(
        "cosmetic_notification", CREAM, "valid", "Cocoon", "Sữa rửa mặt", "Công ty A", date(2025, 1, 1)
    )
    return replace(valid, **change)


def verdict(
    *entries: RegisterEntry, brand: str | None = "Cocoon", code: str = CREAM, as_of: datetime = NOW
) -> str | None:
    about = Fold(register=CsvRegister(entries)).about(subject(cream("a", brand=brand, code=code)), as_of)
    return about.codes[0].verdict


def test_a_register_says_known_unknown_mismatch_or_revoked() -> None:
    assert verdict(entry()) == "known"
    assert verdict(entry(), code=OTHER) == "unknown"
    assert verdict(entry(brand="Innisfree")) == "mismatch"
    assert verdict(entry(status="revoked")) == "revoked"
    assert verdict(entry(status="revoked", brand="Innisfree")) == "revoked"


def test_the_latest_entry_of_a_product_counts() -> None:
    later = date(2025, 6, 1)
    assert verdict(entry(), entry(status="revoked", known_from=later)) == "revoked"
    assert verdict(entry(status="revoked"), entry(known_from=later)) == "known"
    assert verdict(entry(), entry(status="revoked", brand="Innisfree", known_from=later)) == "known"


def test_without_a_brand_one_word_of_the_entry_in_the_texts_fits() -> None:
    assert verdict(entry(brand="", product="Kem chống nắng"), brand=None) == "known"
    assert verdict(entry(brand="", product="Sữa rửa mặt"), brand=None) == "mismatch"
    assert verdict(entry(brand="", product=""), brand=None) == "known"


def test_what_became_known_later_is_not_read() -> None:
    revoked = entry(status="revoked", known_from=at(0).date())
    before, first = entry(), at(-1)
    assert verdict(before, revoked, as_of=first) == "known"
    assert verdict(before, revoked, as_of=at(0)) == "revoked"
    assert verdict(revoked, as_of=first) is None  # then nobody knew any number of that kind


def test_without_a_register_and_for_kinds_it_does_not_hold_there_is_no_verdict() -> None:
    assert ask(Fold(), cream("a"))[0].verdict is None
    assert verdict(entry(kind="gtin", code="08930000000019")) is None
    assert verdict(entry(), code="123456/24/CBMP-QLD") is None  # made up: nothing to ask about
