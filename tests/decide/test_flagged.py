"""What holds of every decision that the demo model makes on a simulated crawl and on the suites."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from counterfoil.batch.judge import Judged, judge
from counterfoil.decide.policy import load_policy
from counterfoil.decide.wording import LANGUAGES, seller_sentence, sentence
from counterfoil.features.feature import FAMILIES
from counterfoil.history.fold import Fold
from counterfoil.history.views import About
from counterfoil.ingest.intake import ContactKey, admit
from counterfoil.ingest.schema import ScoreRequest
from counterfoil.ingest.source import Accepted, read_listings
from counterfoil.scorer import Decision, Scorer, account_of
from counterfoil.synth.write import write_market
from tests.instances import demo_bundle
from tests.suites.suites import PARTS, titles

KEY = ContactKey("k1", bytes(16))
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def scorer(**policy: object) -> Scorer:
    return Scorer(demo_bundle(), load_policy().model_copy(update=policy))


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> list[About]:
    """2,000 simulated listings, each looked at as they became known."""
    folder = tmp_path_factory.mktemp("crawl")
    write_market(2_000, 5, folder)
    return list(_crawled(folder / "listings.jsonl"))


def _crawled(path: Path) -> Iterator[About]:
    found = read_listings(path, mapping=None, key=KEY, now=datetime(2030, 1, 1, tzinfo=UTC), default_known_at=NOW)
    rows = sorted((one for one in found if isinstance(one, Accepted)), key=lambda row: row.known_at)
    for some in judge(enumerate(rows), None):
        yield from (one.about for one in some if isinstance(one, Judged))


def _titles(part: str) -> list[About]:
    requests = [ScoreRequest.model_validate(entry["body"]) for entry in titles(part)]
    return [Fold().about(admit(one.listing, one.seller, key=KEY, now=NOW), NOW) for one in requests]


def assert_explained(decisions: Sequence[Decision]) -> None:
    """Each flagged decision has a reason for it; each reason has evidence and its sentences, filled in."""
    for decision in decisions:
        reasons = decision.reasons
        if decision.outcome.flagged:
            assert any(one.direction == "raises" or one.rules for one in reasons), decision.about.listing.title
        for hit in decision.outcome.hits:
            assert any(hit.id in one.rules for one in reasons), (hit.id, decision.about.listing.title)
        for one in reasons:
            assert one.evidence, one.code
            assert one.family in FAMILIES
            for language in LANGUAGES:
                assert not re.search(r"\{\w+\}|\bNone\b|\bnan\b", sentence(one.code, language, one.evidence)), one
                assert seller_sentence(one.code, language)


@pytest.mark.slow
def test_every_flagged_row_of_a_crawl_has_a_reason_with_evidence(crawl: list[About]) -> None:
    decisions = scorer().decide(crawl)
    flagged = [one for one in decisions if one.outcome.flagged]
    assert len(crawl) == 2_000
    assert sum(one.outcome.rule is None for one in flagged) >= 20, "too few flagged by the model to show anything"
    assert sum(one.outcome.rule is not None for one in flagged) >= 20, "too few flagged by a rule to show anything"
    assert_explained(flagged)


@pytest.mark.slow
def test_that_holds_by_the_model_alone_too_and_where_nearly_all_are_flagged(crawl: list[About]) -> None:
    policy = load_policy()
    low = policy.review.model_copy(update={"alpha": 0.9, "probability": 0.005})
    decisions = scorer(rules=(), review=low).decide(crawl)
    flagged = [one for one in decisions if one.outcome.flagged]
    assert len(flagged) > 1_000
    assert_explained(flagged)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_every_flagged_title_of_the_suites_has_a_reason_with_evidence(part: str) -> None:
    flagged = [one for one in scorer().decide(_titles(part)) if one.outcome.flagged]
    assert len(flagged) > 100
    assert_explained(flagged)


@pytest.mark.slow
def test_families_base_and_calibration_close_to_the_log_odds_on_a_thousand_rows(crawl: list[About]) -> None:
    bundle = demo_bundle()
    for decision in scorer().decide(crawl[::2], "all"):
        account = account_of(decision, bundle)
        assert account is not None
        probability = decision.risk.probability
        assert 1e-6 <= probability <= 1 - 1e-6
        total = account.base + sum(account.families[family].total for family in FAMILIES) + account.calibration
        assert total == pytest.approx(math.log(probability / (1 - probability)), abs=1e-6)
        assert account.log_odds == total
        assert decision.contributions is not None
        parts = sum(sum(group.reasons.values()) + group.rest for group in account.families.values())
        assert parts == pytest.approx(decision.contributions[:-1].sum(), abs=1e-6)
        for one in decision.reasons:
            if one.code in account.families[one.family].reasons:
                assert one.log_odds == pytest.approx(account.families[one.family].reasons[one.code], abs=1e-6)


def test_each_code_is_of_one_family_so_that_reasons_can_be_grouped(crawl: list[About]) -> None:
    family: dict[str, str] = {}
    for decision in scorer().decide(crawl[:300], "all"):
        for one in decision.reasons:
            assert family.setdefault(one.code, one.family) == one.family
    assert len(family) >= 10


def test_an_account_is_there_only_where_contributions_were_asked_for(crawl: list[About]) -> None:
    (decision,) = scorer().decide(crawl[:1], "none")
    assert account_of(decision, demo_bundle()) is None
    assert decision.reasons == ()
