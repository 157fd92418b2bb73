from __future__ import annotations

from math import isnan, log1p

import pytest

from counterfoil.ingest.entry import Finding
from tests.features.asked import code, reading, told, value
from tests.worlds import at, listed, listing, verdict


@pytest.mark.parametrize(
    ("title", "description", "claims", "guarded"),
    [
        ("Giày thể thao nam", None, 0, 0),
        ("Giày super fake", None, 1, 0),
        ("Giày super fake super fake", None, 1, 0),
        ("Giày thể thao", "Hàng super fake, đẹp", 1, 0),
        ("Túi xách da", "Cam kết không bán hàng fake", 0, 1),
    ],
)
def test_terms_are_told_by_whether_the_seller_offers_them(
    title: str, description: str | None, claims: int, guarded: int
) -> None:
    row = reading(listing(title=title, description=description))
    assert value("claim_terms", row) == claims
    assert (value("guarded_terms", row) > 0) is bool(guarded)
    assert code("claim_terms", row) == ("COPY_CLAIMED" if claims else None)


def test_the_quoted_words_are_those_of_the_field_they_stand_in() -> None:
    body = "Hàng về nhiều. Giày super fake loại đẹp"
    found = told("claim_terms", reading(listing(title="Giày", description=body)))
    assert found is not None
    assert found.evidence["field"] == "description"
    start, end = found.evidence["span"]
    assert body[start:end] == found.evidence["quote"]
    assert "fake" in found.evidence["quote"]


def test_contacts_that_intake_found_are_counted_and_their_kind_is_told() -> None:
    found = (Finding("title", 3, 9, "zalo", "tel:k1:00"), Finding("description", 0, 4, "phone", "tel:k1:01"))
    row = reading(listing(title="Áo ••••••"), found=found)
    assert value("contacts_in_text", row) == 2.0
    reason = told("contacts_in_text", row)
    assert reason is not None
    assert dict(reason.evidence) == {"field": "title", "span": [3, 9], "kind": "zalo", "count": 2}
    assert value("contacts_in_text", reading(listing())) == 0.0
    assert code("contacts_in_text", reading(listing())) is None


@pytest.mark.parametrize(
    ("title", "words", "capitals"),
    [("GIÀY NAM", 2, 1.0), ("giày  nam đẹp", 3, 0.0), ("Áo", 1, 0.5), ("123 456", 2, None), ("中文", 1, None)],
)
def test_the_shape_of_a_title(title: str, words: int, capitals: float | None) -> None:
    row = reading(listing(title=title))
    assert value("title_words", row) == words
    share = value("title_capitals", row)
    assert isnan(share) if capitals is None else share == pytest.approx(capitals)


def test_a_description_that_is_not_there_has_no_length() -> None:
    assert isnan(value("description_length", reading(listing())))
    assert value("description_length", reading(listing(description="đẹp"))) == log1p(3)


def test_the_same_words_at_other_sellers_are_counted_without_the_own() -> None:
    log = [listed(at(n), f"x{n}", listing(f"x{n}", title="nam THỂ THAO giày")) for n in range(3)]
    own = listed(at(9), "s1", listing("l1", title="Giày thể thao nam"))
    row = reading(listing("l1", title="Giày thể thao nam"), *log, own)
    assert value("wording_other_sellers", row) == log1p(3)
    assert code("wording_other_sellers", row) == "TITLE_SHARED"
    assert code("wording_other_sellers", reading(listing("l1", title="Giày thể thao nam"), log[0])) is None


def test_verdicts_on_other_listings_of_the_same_words_are_counted_without_the_own() -> None:
    log = [
        listed(at(0), "x", listing("x1", title="Giày thể thao nam")),
        listed(at(1), "s1", listing("l1", title="Giày thể thao nam")),
        verdict(at(2), "v1", "x1"),
        verdict(at(3), "v2", "l1"),
    ]
    row = reading(listing("l1", title="Giày thể thao nam"), *log)
    assert value("wording_counterfeit", row) == log1p(1)
    assert code("wording_counterfeit", row) == "TITLE_HAS_VERDICTS"
    assert value("wording_counterfeit", reading(listing("l1", title="Giày khác"), *log)) == 0.0
