from __future__ import annotations

from dataclasses import replace
from string import Formatter

import numpy as np
import pytest
from hypothesis import given, settings

from counterfoil.decide.wording import LANGUAGES, sentence
from counterfoil.features.catalogue import FeatureSet, catalogue
from counterfoil.features.feature import FAMILIES, Feature, feature
from counterfoil.features.reading import Reading, read
from counterfoil.history.fold import Fold
from counterfoil.history.replay import replay
from counterfoil.ingest.entry import Entry, Subject
from counterfoil.knowledge.files import read_toml
from tests.worlds import at, entries, listing, subject, subjects

FEATURES = catalogue().features
END = at(400 * 720)


@pytest.mark.parametrize("one", FEATURES, ids=lambda one: one.name)
def test_the_docstring_of_a_feature_is_a_sentence_of_documentation(one: Feature) -> None:
    first = one.doc.split("\n\n")[0]
    assert first.rstrip().endswith(".")
    assert first[0].isupper() or first[0].isdigit()
    assert len(first) > 20


@pytest.mark.parametrize("one", FEATURES, ids=lambda one: one.name)
def test_a_feature_reads_parts_of_a_row_and_nothing_else(one: Feature) -> None:
    parts = set(Reading.__slots__)
    assert set(one.needs) <= parts
    assert set(one._because_needs) <= parts
    assert one.family in FAMILIES
    assert one.monotone in (0, 1)


def test_names_are_unique_and_old_accounts_are_not_held_innocent() -> None:
    assert len(set(catalogue().names)) == len(FEATURES)
    signs = {one.name: one.monotone for one in FEATURES}
    assert signs["seller_age_days"] == signs["seller_seen_days"] == 0


def test_the_fingerprint_follows_order_signs_and_versions() -> None:
    first = FEATURES[0]
    changed = [
        replace(first, version=first.version + 1),
        replace(first, monotone=1 - first.monotone),
        replace(first, name="other"),
    ]
    sets = [FEATURES, FEATURES[::-1], *((one, *FEATURES[1:]) for one in changed), FEATURES[1:]]
    assert len({FeatureSet(tuple(one)).fingerprint for one in sets}) == len(sets)
    assert FeatureSet(FEATURES).fingerprint == catalogue().fingerprint


def test_a_feature_without_a_docstring_is_refused() -> None:
    def silent() -> float:
        return 0.0

    with pytest.raises(TypeError, match="silent without a docstring"):
        feature("text")(silent)


def rows(log: list[Entry], asked: Subject) -> list[Reading]:
    fold = Fold()
    seen = [read(about) for _, about in replay(log, fold)]
    return [*seen, read(fold.about(asked, END))]


@settings(max_examples=60, deadline=None)
@given(entries(), subjects())
def test_every_reason_fills_its_sentences_in_both_languages(log: list[Entry], asked: Subject) -> None:
    for row in rows(log, asked):
        for one in FEATURES:
            reason = one.reason(row)
            if reason is None:
                continue
            for language in LANGUAGES:
                template = read_toml("reasons.toml")[reason.code][language]
                wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
                assert wanted <= set(reason.evidence), reason.code
                assert sentence(reason.code, language, reason.evidence)


@settings(max_examples=60, deadline=None)
@given(entries(), subjects())
def test_values_are_finite_or_missing_and_a_row_does_not_depend_on_its_batch(log: list[Entry], asked: Subject) -> None:
    read_rows = rows(log, asked)
    matrix = catalogue().values(read_rows)
    assert matrix.dtype == np.float64
    assert not np.isinf(matrix).any()
    alone = np.vstack([catalogue().values([row]) for row in read_rows])
    np.testing.assert_array_equal(alone, matrix)


def test_every_code_of_the_reasons_file_is_given_by_a_feature_or_for_what_no_feature_says() -> None:
    import inspect

    from counterfoil.decide import explain
    from counterfoil.features import brand, identifiers, price, seller, text
    from counterfoil.features import listing as offer

    source = "".join(inspect.getsource(module) for module in (brand, identifiers, price, seller, text, offer, explain))
    for code in read_toml("reasons.toml"):
        assert code == "words" or f'"{code}"' in source, code


def test_an_empty_batch_has_all_columns_and_no_rows() -> None:
    assert catalogue().values([]).shape == (0, len(FEATURES))
    assert catalogue().values([read(Fold().about(subject(listing()), END))]).shape == (1, len(FEATURES))
