"""What a sweep says of its false alerts, with a bundle that can state a rate and with one that cannot."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from counterfoil.batch.run import Job, run
from counterfoil.decide.policy import load_policy
from counterfoil.model.bundle import Bundle
from counterfoil.scorer import Scorer
from tests.batch import jobs
from tests.batch.jobs import NOW, body, decisions, lines, read, report
from tests.batch.test_html import Seen, html
from tests.model import calibrated, small


@cache
def scorer(sellers: int = 700) -> Scorer:
    return Scorer(Bundle.load(calibrated.bundle_folder(sellers)), load_policy())


def rows() -> list[dict[str, Any]]:
    """Forty of sellers on the platform that was calibrated, some of which say what they sell; two without, one elsewhere."""
    known = [
        body(i, title="Giày super fake" if i % 5 == 0 else f"Giày thể thao mã {i}", platform="shopee")
        for i in range(40)
    ]
    nobody: list[dict[str, Any]] = [{"listing": {"title": f"Dép {i}", "platform": "shopee"}} for i in range(2)]
    return [*known, *nobody, body(90, platform="tiki")]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    score(folder, scorer())
    return folder / "out"


def score(folder: Path, with_what: Scorer, file_format: Any = "jsonl") -> None:
    job = Job(
        files=[lines(folder / "a.jsonl", *rows())], mapping=None, scorer=with_what, store=None, key=small.KEY,
        clock=lambda: NOW, as_of=None, out=folder / "out", file_format=file_format, reasons="flagged",
    )  # fmt: skip
    run(job)


def test_each_answer_states_its_rate_or_why_there_is_none(out: Path) -> None:
    answers = decisions(out)
    assert [one["guarantee"]["reason"] for one in answers] == [None] * 40 + ["drifted"] * 3
    for one in answers:
        guarantee = one["guarantee"]
        assert guarantee["valid"] == (guarantee["reason"] is None) == ("guarantee_not_valid" not in one["degraded"])
        assert guarantee["kind"] == "split_conformal"
        assert 0 < guarantee["p_value"] <= 1
        assert guarantee["segment"] in {calibrated.SEGMENT, "all"}
        assert guarantee["calibration_n"] == 700
        assert guarantee["calibrated_at"] == "2026-06-01T00:00:00Z"
        passed = [alpha for alpha in (0.05, 0.01, 0.005, 0.002) if guarantee["p_value"] <= alpha]
        assert guarantee["flagged_at_alpha"] == (passed if guarantee["valid"] else [])


def test_the_rate_decides_where_it_holds_and_the_probability_elsewhere(out: Path) -> None:
    by_model = [one for one in decisions(out) if one["decision"]["rule"] is None]
    assert len(by_model) > 20
    for one in by_model:
        decision, guarantee = one["decision"], one["guarantee"]
        flagged = one["recommended_action"] == "review"
        if guarantee["valid"]:
            assert decision["threshold_alpha"] == 0.01
            assert flagged == (guarantee["p_value"] <= 0.01) == (one["probability"] > decision["threshold_probability"])
        else:
            assert (decision["threshold_alpha"], decision["threshold_probability"]) == (None, 0.4)
            assert flagged == (one["probability"] >= 0.4)
    for one in (one for one in decisions(out) if one["decision"]["rule"] is not None):
        assert (one["decision"]["threshold_alpha"], one["decision"]["threshold_probability"]) == (None, None)


def test_the_report_states_the_expected_share_of_false_alerts_and_the_discoveries(out: Path) -> None:
    found, p_values = report(out)["guarantee"], [one["guarantee"]["p_value"] for one in decisions(out)[:40]]
    assert found["rows"] == 40
    assert found["not_valid"] == {"drifted": 3}
    assert found["segments"] == {calibrated.SEGMENT: 40}
    flagged = sum(p <= 0.01 for p in p_values)
    assert (found["kind"], found["alpha"], found["flagged_at_alpha"]) == ("split_conformal", 0.01, flagged)
    assert found["estimated_fdr"] == (round(min(1, 40 * 0.01 / flagged), 4) if flagged else None)
    discoveries = found["benjamini_hochberg"]
    assert discoveries["level"] == 0.1
    assert discoveries["discoveries"] == sum(p <= (discoveries["p_value"] or 0) for p in p_values)


def test_the_page_says_the_same(out: Path) -> None:
    seen = Seen(html(out))
    assert "For 40 of 43 listings a false-alert rate can be stated" in seen.text
    assert "drifted" in seen.text
    assert "Benjamini-Hochberg" in seen.text
    assert "review at a false-alert rate of 1.0 %, or from probability 0.4" in seen.text
    assert seen.closed


@pytest.mark.parametrize(("sellers", "reason"), [(None, "not_calibrated"), (60, "too_few")])
def test_a_sweep_without_a_rate_says_why(tmp_path: Path, sellers: int | None, reason: str) -> None:
    score(tmp_path, jobs.scorer() if sellers is None else scorer(sellers))
    found = report(tmp_path / "out")["guarantee"]
    assert found["rows"] == found["flagged_at_alpha"] == found["benjamini_hochberg"]["discoveries"] == 0
    assert found["estimated_fdr"] is None
    assert max(found["not_valid"], key=found["not_valid"].get) == reason
    assert sum(found["not_valid"].values()) == 43
    seen = Seen(html(tmp_path / "out"))
    assert "No false-alert rate can be stated for any of these listings." in seen.text
    assert reason in seen.text
    assert {one["decision"]["threshold_alpha"] for one in decisions(tmp_path / "out")} == {None}


def test_tables_carry_the_p_value_and_whether_it_holds(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    (tmp_path / "p").mkdir()
    score(tmp_path / "p", scorer(), "parquet")
    table = pq.read_table(tmp_path / "p" / "out" / "decisions.parquet").to_pylist()
    assert [row["guarantee"] for row in table] == ["valid"] * 40 + ["drifted"] * 3
    assert all(0 < row["p_value"] <= 1 for row in table)
    (tmp_path / "j").mkdir()
    score(tmp_path / "j", scorer())
    assert [row["p_value"] for row in table] == [
        one["guarantee"]["p_value"] for one in read(tmp_path / "j" / "out" / "decisions.jsonl")
    ]
