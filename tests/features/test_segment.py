from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.features.segment import nothing_known, segment_path
from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.ingest.entry import Subject
from counterfoil.ingest.schema import Seller
from tests.worlds import at, listed, listing


def about(seller: dict[str, Any] | None = None, **more: Any) -> About:
    who = Seller.model_validate({"seller_id": "s1", **seller}) if seller is not None else None
    return Fold().about(Subject(listing("l1", **more), who, ()), at(0))


def test_the_path_goes_from_the_platform_to_the_badge_and_each_level_holds_the_one_before() -> None:
    found = segment_path(about({"official_store": False}, language="vi", category_path=["Giày Dép Nam"]))
    assert found == ("shopee", "shopee/vi", "shopee/vi/shoes", "shopee/vi/shoes/unbadged")


def test_what_is_missing_is_unknown_and_a_path_that_nobody_maps_is_a_dash() -> None:
    assert segment_path(about(platform=None))[-1] == "unknown/unknown/-/unknown"
    assert segment_path(about({}, category_path=["Thứ không ai biết"]))[-1] == "shopee/unknown/-/unknown"


@pytest.mark.parametrize(
    ("seller", "channel", "badge"),
    [
        ({"official_store": True}, None, "badged"),
        ({"official_store": True}, "marketplace", "badged"),
        ({}, "mall", "badged"),
        (None, "mall", "badged"),
        ({"official_store": False}, "marketplace", "unbadged"),
        ({}, "marketplace", "unknown"),
    ],
)
def test_the_badge_is_what_the_page_shows(seller: dict[str, Any] | None, channel: str | None, badge: str) -> None:
    assert segment_path(about(seller, channel=channel))[-1].rpartition("/")[2] == badge


@given(st.text(alphabet="/ aSđ|", max_size=8), st.text(alphabet="/ vI", max_size=5))
def test_no_name_of_a_platform_or_language_makes_a_level_more(platform: str, language: str) -> None:
    found = segment_path(about(platform=platform or None, language=language or None))
    assert [name.count("/") for name in found] == [0, 1, 2, 3]
    assert all(part and part == part.strip() for part in found[-1].split("/"))
    assert found == segment_path(about(platform=platform.upper() or None, language=language.upper() or None))


def test_on_an_empty_store_nothing_is_known_and_one_other_listing_changes_that() -> None:
    fold = Fold()
    known = Seller(seller_id="s1", registered_at=at(0))
    asked = Subject(listing("l1", category_path=["Giày Dép Nam"]), known, ())
    assert nothing_known(fold.about(asked, at(0)))
    fold.observe(listed(at(1), "s1", asked.listing))
    assert nothing_known(fold.about(asked, at(2)))  # its own sighting tells nothing of it
    fold.observe(listed(at(3), "s2", listing("l2", title="Ví", category_path=["Giày Dép Nam"])))
    assert not nothing_known(fold.about(asked, at(4)))
    id_only = replace(asked, seller=Seller(seller_id="s1"))
    assert nothing_known(fold.about(id_only, at(4)))  # nothing of its seller is
