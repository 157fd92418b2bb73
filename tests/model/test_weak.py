from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from counterfoil.decide.policy import load_policy
from counterfoil.errors import TrainingRefused
from counterfoil.features.embed import load_encoder
from counterfoil.ingest.entry import Entry
from counterfoil.model import learn, train
from counterfoil.model.bundle import Bundle
from counterfoil.model.dataset import Dataset, assemble
from counterfoil.model.examples import examples_unlabelled
from counterfoil.model.manifest import Label, read_manifest
from counterfoil.model.save import save
from counterfoil.model.soft import twofold
from counterfoil.model.votes import load_voters
from counterfoil.model.weak import HIDDEN, MEANING, hide, let_vote, without_labels
from tests.model import small
from tests.worlds import at, listed, listing, verdict


@cache
def crawl() -> list[Entry]:
    """Sightings without labels: some sellers say super fake of a great brand and are new, others are official."""
    entries = []
    for number in range(240):
        seller = number % 40
        bad = seller % 4 == 0
        what = listing(
            f"l{number}",
            title=f"Giày Nike mã {number}" + (" super fake" if bad and number % 3 else ""),
            price=str(400_000 if bad else 2_400_000),
            category_path=["Giày Dép Nam"],
            brand="Nike",
        )
        known_at = at(number * 60)
        registered = known_at - timedelta(days=20 if bad else 900)
        facts = {"registered_at": registered, "identity_verified": not bad, "official_store": seller % 4 == 1}
        entries.append(listed(known_at, f"s{seller}", what, facts))
    return entries


def unlabelled(entries: list[Entry]) -> Dataset:
    dropped: Counter[str] = Counter()
    examples = without_labels(examples_unlabelled(entries, dropped), dropped)
    return assemble(examples, load_encoder(small.encoder_folder()), MEANING, dropped)


@cache
def voted() -> Dataset:
    return let_vote(unlabelled(crawl()), load_voters(load_policy().rules), 0.2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of 20 trees that learnt from votes alone."""
    usual, learn.ROUNDS = learn.ROUNDS, 20
    try:
        fitted = train.fit(voted(), threads=1)
    finally:
        learn.ROUNDS = usual
    made = tmp_path_factory.mktemp("weak") / "bundle"
    label = Label(meaning=MEANING, source="weak")
    encoder = load_encoder(small.encoder_folder())
    save(fitted, encoder, small.encoder_folder(), made, created_at=small.MADE, label=label, run_id=None)
    return made


def test_votes_stand_in_the_place_of_labels() -> None:
    data = voted()
    assert data.belief is not None
    bad = np.array([number % 40 % 4 == 0 for number in range(240)])
    assert data.belief is not None
    assert data.belief[bad].min() > 0.5 > data.belief[~bad].max()
    assert (data.target == bad).all()


def test_no_target_is_read() -> None:
    data = unlabelled(crawl())
    turned = let_vote(replace(data, target=1 - data.target), load_voters(load_policy().rules), 0.2)
    assert turned.belief is not None
    np.testing.assert_array_equal(turned.belief, voted().belief)


def test_a_later_verdict_changes_nothing_of_what_a_row_shows() -> None:
    log = [*crawl(), verdict(at(240 * 60), "v1", "l0")]
    np.testing.assert_array_equal(unlabelled(log).values, unlabelled(crawl()).values)


def test_a_part_of_the_rows_keeps_its_own_probabilities() -> None:
    rows = np.array([5, 0, 17])
    part, whole = voted().subset(rows), voted()
    assert whole.belief is not None
    np.testing.assert_array_equal(part.belief, whole.belief[rows])


def test_voted_features_are_hidden_in_half_of_the_rows_and_no_others() -> None:
    data = voted()
    hidden = hide(data, 0)
    names = data.features.names
    claims, tier = names.index("claim_terms"), names.index("brand_tier")
    assert np.isnan(hidden[:, claims]).mean() == pytest.approx(HIDDEN, abs=0.1)
    np.testing.assert_array_equal(hidden[:, tier], data.values[:, tier])
    # Families are hidden apart from each other: in some rows one speaks without the other.
    seller = names.index("seller_age_days")
    assert 0 < (np.isnan(hidden[:, claims]) & ~np.isnan(hidden[:, seller])).mean() < 0.5
    assert not np.isnan(data.values[:, claims]).any()
    np.testing.assert_array_equal(hide(data, 0), hidden)
    labelled = replace(data, weak=None, belief=None)
    assert hide(labelled, 0) is labelled.values


def test_learners_that_take_no_probability_get_each_row_twice_and_weighed() -> None:
    data = voted()
    rows, target, weight = twofold(data)
    assert data.belief is not None
    assert weight is not None
    for row in (0, 1, 239):
        of_row = rows == row
        assert weight[of_row].sum() == pytest.approx(1)
        assert weight[of_row & (target == 1)].sum() == pytest.approx(data.belief[row])
    plain = twofold(replace(data, weak=None, belief=None))
    assert plain[2] is None
    np.testing.assert_array_equal(plain[1], data.target)


def test_rows_in_other_languages_are_counted_and_nothing_is_learnt_of_them() -> None:
    foreign = [
        listed(
            at(number), f"s{number}", listing(f"l{number}", title=f"運動鞋 super fake 1:1 {number}", language="zh-Hant")
        )
        for number in range(60)
    ]
    with pytest.raises(TrainingRefused, match=r"among 0 \(60 more are in no language.*the rules have no votes here"):
        unlabelled(foreign)
    both = unlabelled([*foreign[:20], *crawl()[100:]])
    assert (len(both), both.dropped["not_readable"]) == (140, 20)


def test_a_crawl_in_which_no_rule_sees_a_copy_is_refused() -> None:
    honest = [entry for number, entry in enumerate(crawl()) if number % 40 % 4]
    with pytest.raises(TrainingRefused, match="got 0 listings that a rule takes for copies among 180"):
        let_vote(unlabelled(honest), load_voters(load_policy().rules))


def test_the_bundle_says_that_it_is_weakly_supervised(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest.label.source == "weak"
    assert manifest.no_guarantee == "weak_labels"
    assert manifest.parameters["objective"] == "cross_entropy"
    votes = {one["id"]: one for one in manifest.training["weak"]["votes"]}
    assert votes["says_copy"]["rows"] == sum(" super fake" in e.subject.listing.title for e in crawl())
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert ", weakly supervised" in card.splitlines()[0]
    for words in (
        "No label was read",
        "| says_copy | text | copy |",
        "never cast",
        "nobody has looked",
        "`weak_labels`",
    ):
        assert words in card, words


def test_a_labelled_bundle_does_not_say_so() -> None:
    manifest = read_manifest(small.bundle_folder())
    assert manifest.no_guarantee == "not_calibrated"
    assert "weak" not in manifest.training
    assert "weak" not in (small.bundle_folder() / "card.md").read_text(encoding="utf-8")


def test_the_bundle_loads_and_ranks_by_what_the_votes_taught(folder: Path) -> None:
    bundle = Bundle.load(folder)
    dropped: Counter[str] = Counter()
    examples = without_labels(examples_unlabelled(crawl(), dropped), dropped)
    readings, matrix = bundle.columns.of([one.about for one in examples])
    risks = np.array([one.probability for one in bundle.risk(matrix)])
    bad = np.array([number % 40 % 4 == 0 for number in range(240)])
    assert len(readings) == 240
    assert risks[bad].mean() > 3 * risks[~bad].mean()
    # Contributions of the cross-entropy trees sum to their margin as those of the binary ones do.
    margins = [one.margin for one in bundle.risk(matrix[:5])]
    np.testing.assert_allclose(bundle.contributions(matrix[:5]).sum(axis=1), margins, atol=1e-9)
    assert json.loads((folder / "calibration.json").read_text())["slope"] > 0
