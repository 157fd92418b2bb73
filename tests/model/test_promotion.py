"""A bundle takes another's place whole or not at all, and the log says who did it and why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.errors import BundleMismatch, PromotionRefused
from counterfoil.model.bundle import Bundle
from counterfoil.model.fairness import flag_rates
from counterfoil.model.manifest import Manifest
from counterfoil.model.promotion import (
    Promotion,
    append,
    before_that,
    fingerprint,
    needs_override,
    read_promotions,
    replaced,
)
from tests.model import small


def line(version: int, kind: Literal["promotion", "rollback"] = "promotion") -> Promotion:
    return Promotion(
        at=datetime(2026, 11, 24, tzinfo=UTC), who="Hoa", why="tốt hơn\nở top", kind=kind, version=version,
        previous_version=None, run_id="r", bundle_sha256="b", data_sha256="d", metrics={"auc": 0.9},
    )  # fmt: skip


def bundle(note: str) -> Callable[[Path], object]:
    """Something that fetches the small bundle; its creation time tells one from another."""

    def fetch(folder: Path) -> None:
        shutil.copytree(small.bundle_folder(), folder)
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        path.write_text(json.dumps({**manifest, "name": note}))

    return fetch


def in_use(folder: Path) -> str:
    return Bundle.load(folder).manifest.name


def test_a_bundle_takes_an_empty_place_and_then_another_s(tmp_path: Path) -> None:
    current = tmp_path / "models" / "current"
    for note in ("one", "two"):
        with replaced(current, bundle(note)) as manifest:
            assert manifest.name == note
            assert in_use(current) == note
        assert in_use(current) == note
    assert [path.name for path in current.parent.iterdir()] == ["current"]


def test_a_bundle_that_does_not_load_leaves_the_one_in_use(tmp_path: Path) -> None:
    current = tmp_path / "current"
    with replaced(current, bundle("one")):
        pass

    def broken(folder: Path) -> None:
        bundle("two")(folder)
        (folder / "trees.txt").write_text("not these")

    with pytest.raises(BundleMismatch, match=r"trees\.txt"), replaced(current, broken):
        pytest.fail("a broken bundle was put in place")
    assert in_use(current) == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_fails_after_the_swap_puts_the_older_bundle_back(tmp_path: Path, error: type[BaseException]) -> None:
    current = tmp_path / "current"
    with replaced(current, bundle("one")):
        pass
    before = fingerprint(current)
    seen: list[str] = []

    def fail() -> None:
        with replaced(current, bundle("two")):
            seen.append(in_use(current))
            raise error

    with pytest.raises(error):
        fail()
    assert seen == ["two"]
    assert fingerprint(current) == before
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_a_first_promotion_that_fails_leaves_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), replaced(tmp_path / "current", bundle("one")):
        raise ValueError("no")
    assert list(tmp_path.iterdir()) == []


def test_a_promotion_that_was_cut_off_between_its_renames_is_mended(tmp_path: Path) -> None:
    current = tmp_path / "current"
    bundle("one")(tmp_path / "current-before.new")
    with pytest.raises(ValueError, match="no"), replaced(current, bundle("two")):
        raise ValueError("no")
    assert in_use(current) == "one"


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "thesis.txt").write_text("years of work")
    with pytest.raises(PromotionRefused, match="other files"), replaced(tmp_path / "current", bundle("one")):
        pytest.fail("other files were replaced")
    assert (tmp_path / "current" / "thesis.txt").read_text() == "years of work"


def test_the_log_gives_back_what_was_added_a_line_each(tmp_path: Path) -> None:
    log = tmp_path / "var" / "promotions.jsonl"
    assert read_promotions(log) == []
    lines = [line(1), line(2), line(1, "rollback")]
    for one in lines:
        append(log, one)
    assert read_promotions(log) == lines
    assert len(log.read_text().splitlines()) == 3


def test_a_log_that_was_damaged_is_named_by_its_line(tmp_path: Path) -> None:
    log = tmp_path / "promotions.jsonl"
    append(log, line(1))
    log.write_text(log.read_text() + '{"version": 2}\n')
    with pytest.raises(PromotionRefused, match="line 2"):
        read_promotions(log)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([line(1), line(2)], 1),
        ([line(1), line(2), line(2)], 1),
        ([line(1), line(2), line(3), line(2, "rollback")], 1),
        ([line(1), line(2), line(1, "rollback"), line(3)], 1),
        ([line(1), line(2), line(1)], 2),
    ],
)
def test_a_rollback_goes_to_the_version_in_use_before(history: list[Promotion], expected: int) -> None:
    assert before_that(history) == expected


@pytest.mark.parametrize("history", [[], [line(1)], [line(1), line(2), line(1, "rollback")]])
def test_without_an_earlier_version_a_rollback_is_refused(history: list[Promotion]) -> None:
    with pytest.raises(PromotionRefused, match="expected an earlier version"):
        before_that(history)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=8))
def test_rolling_back_again_and_again_walks_the_promotions_backwards(versions: list[int]) -> None:
    distinct = [v for i, v in enumerate(versions) if i == 0 or versions[i - 1] != v]
    history = [line(version) for version in versions]
    for expected in distinct[-2::-1]:
        assert before_that(history) == expected
        history.append(line(expected, "rollback"))
    with pytest.raises(PromotionRefused):
        before_that(history)


def accounted(flagged_small: int, flagged_rest: int) -> dict[str, Any]:
    """The flag rates of 200 small shops among 1,000 genuine ones, one listing each."""
    small = np.arange(1_000) < 200
    flagged = np.concatenate([np.arange(200) < flagged_small, np.arange(800) < flagged_rest])
    return flag_rates(flagged, np.ones(1_000, dtype=np.bool_), {"small_shop": small}, np.arange(1_000), alpha=0.05)


def told(account: dict[str, Any] | None) -> Manifest:
    """The small bundle's manifest with that account of its flag rates."""
    manifest = Bundle.load(small.bundle_folder()).manifest
    metrics = {name: value for name, value in manifest.metrics.items() if name != "fairness"}
    return manifest.model_copy(update={"metrics": metrics | ({"fairness": account} if account else {})})


def test_a_bundle_that_flags_honest_small_shops_too_often_is_refused_with_slice_and_figures() -> None:
    with pytest.raises(PromotionRefused, match=r"small_shop: 20\.00% .* against 6\.00% of all, 3\.33 times") as refused:
        needs_override(told(accounted(40, 20)), None)
    assert "1.5 times" in str(refused.value)
    assert "--override-fairness" in str(refused.value)


def test_with_a_reason_it_passes_and_the_reason_is_to_be_kept() -> None:
    assert (
        needs_override(told(accounted(40, 20)), "a recall of the goods, for a week")
        == "a recall of the goods, for a week"
    )


@pytest.mark.parametrize("reason", [None, "just in case"])
@pytest.mark.parametrize("account", [None, accounted(10, 40), accounted(0, 0), accounted(4, 5)])
def test_where_nothing_is_unfair_no_reason_is_needed_and_none_is_kept(
    account: dict[str, Any] | None, reason: str | None
) -> None:
    assert needs_override(told(account), reason) is None


def test_what_is_refused_by_its_manifest_never_takes_the_place(tmp_path: Path) -> None:
    current = tmp_path / "current"
    with replaced(current, bundle("one")):
        pass

    def judge(manifest: Manifest) -> None:
        assert (manifest.name, in_use(current)) == ("two", "one")
        raise PromotionRefused("no")

    with pytest.raises(PromotionRefused, match="no"), replaced(current, bundle("two"), judge):
        pytest.fail("a refused bundle was put in place")
    assert in_use(current) == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_lines_from_before_there_were_overrides_are_still_read(tmp_path: Path) -> None:
    log = tmp_path / "promotions.jsonl"
    old = line(1).model_dump(mode="json")
    del old["fairness_override"]
    log.write_text(json.dumps(old) + "\n")
    append(log, line(2).model_copy(update={"fairness_override": "the only one there is"}))
    assert [one.fairness_override for one in read_promotions(log)] == [None, "the only one there is"]
