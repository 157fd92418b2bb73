"""The card says who is flagged by mistake and what stands in for what, and leaves out what a manifest does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterfoil.features.catalogue import catalogue
from counterfoil.model.bundle import Bundle
from counterfoil.model.card import card
from counterfoil.model.card_sections import STANDS_FOR
from counterfoil.model.fairness import flag_rates, proxies
from counterfoil.model.manifest import Manifest
from tests.model import small

NEW = ("labels", "fairness", "proxies", "guarantee")


def manifest(training: dict[str, Any] | None = None, **metrics: Any) -> Manifest:
    """The small bundle's manifest, of the newer parts with these alone."""
    plain = Bundle.load(small.bundle_folder()).manifest
    kept = {name: value for name, value in plain.metrics.items() if name not in NEW}
    learnt = {name: value for name, value in plain.training.items() if name not in NEW}
    return plain.model_copy(update={"metrics": kept | metrics, "training": learnt | (training or {})})


def sections(text: str) -> dict[str, str]:
    """The text below each heading."""
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in text.split("\n## ")[1:]}


def rates() -> dict[str, Any]:
    sellers = np.arange(1_000)
    flagged = (sellers < 60) | (sellers % 50 == 0)
    parts = {
        "small_shop": sellers < 200,
        "second_hand": sellers % 3 == 0,
        "category/shoes": sellers >= 950,
        "gone/slice": sellers >= 500,
    }
    return flag_rates(
        flagged, np.ones(1_000, dtype=np.bool_), parts, sellers, alpha=0.05, meaning="p-value at most .05"
    )


def test_a_manifest_without_the_newer_parts_still_has_a_card_and_no_empty_section() -> None:
    found = sections(card(manifest()))
    headings = {"Where its labels come from", "The stated rate", "Who is flagged by mistake", "What stands in for what"}
    assert headings.isdisjoint(found)
    assert "not conformally calibrated" in found["What it must not be used for"]


def test_it_names_slices_with_their_rates_and_marks_the_one_flagged_too_often() -> None:
    account = rates()
    text = sections(card(manifest(fairness=account)))["Who is flagged by mistake"]
    rows = {line.split(" | ")[0].strip("| "): line for line in text.splitlines() if line.startswith("| ")}
    assert "**too often**" in rows["small_shop"]
    assert f"{account['slices']['small_shop']['ratio']['value']:.2f} (" in rows["small_shop"]
    assert "used or refurbished" in rows["second_hand"]
    assert "**too often**" not in rows["second_hand"]
    assert "gone/slice" in rows
    assert "category/shoes" not in rows
    assert "not judged: category/shoes" in text
    assert "alpha = 5.0%" in text
    assert "p-value at most .05" in text


def test_where_nobody_is_flagged_the_table_says_no_ratio() -> None:
    none = np.zeros(300, dtype=np.bool_)
    account = flag_rates(none, ~none, {"small_shop": ~none}, np.arange(300))
    assert "| 0.00% | – |" in card(manifest(fairness=account))


def test_it_lists_what_stands_in_for_a_slice() -> None:
    dice = np.random.default_rng(0)
    part = dice.random(400) < 0.5
    values = np.column_stack([dice.normal(size=400) - 2 * part, dice.normal(size=400)])
    found = proxies(values, ["followers", "price_scale"], {"small_shop": part, "new_seller": np.zeros(400, np.bool_)})
    text = sections(card(manifest(proxies=found)))["What stands in for what"]
    assert f"| small_shop | `followers` {found['small_shop'][0]['auc']:.2f}" in text
    assert "new_seller" not in text
    for names, what in STANDS_FOR:
        assert what in text
        assert all(f"`{name}`" in text for name in names)


def test_what_is_said_to_stand_in_for_something_is_a_feature() -> None:
    assert {name for names, _ in STANDS_FOR for name in names} <= set(catalogue().names)


@pytest.mark.parametrize("queue_only", [True, False])
def test_it_says_when_no_listing_was_drawn_at_random(queue_only: bool) -> None:
    account: dict[str, Any] = {
        "sources": {"moderator_review": 1_204},
        "conflicts": {},
        "late": 3,
        "queue_only": queue_only,
    }
    text = sections(card(manifest({"labels": account})))["Where its labels come from"]
    assert "sources: moderator_review 1,204." in text
    assert "conflicts: none." in text
    assert "late: 3." in text
    assert ("none was drawn at random" in text) == queue_only


def test_the_stated_rate_comes_with_its_sellers_and_how_it_may_be_read() -> None:
    account: dict[str, Any] = {
        "kind": "upper_bound",
        "reason": None,
        "segments": {"all": 812, "shopee": 5_210},
        "populations": [],
    }
    told = sections(card(manifest(guarantee=account)))
    assert "at most the stated one" in told["The stated rate"]
    assert "all 812, shopee 5,210" in told["The stated rate"]
    assert "not conformally calibrated" not in told["What it must not be used for"]
    void = sections(card(manifest(guarantee=account | {"reason": "weak_labels"})))
    assert "`weak_labels`" in void["The stated rate"]


def test_the_card_of_the_demo_can_be_written_again_from_its_manifest() -> None:
    bundle = Bundle.load(Path("models/demo"))
    assert card(bundle.manifest).startswith(f"# {bundle.manifest.name}")
