from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterfoil.errors import BundleMismatch
from counterfoil.model.views import BUCKETS, COLUMNS, NgramScore, TextView, Views, count_ngrams

TEXTS = ["giày super fake", "giày thể thao", "túi da", "túi super fake", "dép đi trong nhà", "nước hoa fake"] * 5
TARGET = np.array([1, 0, 0, 1, 0, 1] * 5)


def vectors(rows: int = 200, dim: int = 40) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    dice = np.random.default_rng(1)
    return (dice.normal(size=(rows, dim)) * np.linspace(3, 0.1, dim)).astype(np.float32)


def views() -> Views:
    return Views(TextView.fit(vectors()), NgramScore.fit(count_ngrams(TEXTS), TARGET, 0))


def test_text_columns_are_the_principal_components() -> None:
    from sklearn.decomposition import PCA

    rows = vectors()
    expected = PCA(COLUMNS, svd_solver="full").fit_transform(rows.astype(np.float64))
    found = TextView.fit(rows).transform(rows)
    assert found.shape == (200, COLUMNS)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-9)


def test_the_sign_of_an_axis_does_not_depend_on_the_order_of_the_rows() -> None:
    rows = vectors()
    np.testing.assert_allclose(TextView.fit(rows[::-1]).axes, TextView.fit(rows).axes, atol=1e-9)


def test_a_text_that_cannot_be_read_is_missing_and_does_not_move_the_fit() -> None:
    rows = vectors()
    unread = np.vstack([rows, np.zeros((50, 40), dtype=np.float32)])
    view = TextView.fit(unread)
    np.testing.assert_allclose(view.axes, TextView.fit(rows).axes, atol=1e-12)
    assert np.isnan(view.transform(unread)[200:]).all()
    assert not np.isnan(view.transform(unread)[:200]).any()


def test_texts_none_of_which_can_be_read_give_missing_columns() -> None:
    nothing = np.zeros((3, 8), dtype=np.float32)
    view = TextView.fit(nothing)
    assert len(view.names) == 8
    assert np.isnan(view.transform(nothing)).all()


def test_the_ngram_score_ranks_the_words_of_the_positive_texts_higher() -> None:
    score = NgramScore.fit(count_ngrams(TEXTS), TARGET, 0)
    fake, plain = score.score(count_ngrams(["balo super fake", "balo đi trong nhà"]))
    assert fake > plain


def test_the_ngram_score_of_a_text_does_not_depend_on_its_batch() -> None:
    score = NgramScore.fit(count_ngrams(TEXTS), TARGET, 0)
    alone = [score.score(count_ngrams([text]))[0] for text in TEXTS[:6]]
    assert alone == score.score(count_ngrams(TEXTS[:6])).tolist()


def test_an_empty_text_scores_the_offset() -> None:
    score = NgramScore.fit(count_ngrams(TEXTS), TARGET, 0)
    assert score.score(count_ngrams([""])).tolist() == [score.offset]


def test_counts_lie_in_a_fixed_number_of_buckets() -> None:
    counts = count_ngrams(["aa", "👟中文"])
    assert counts.shape == (2, BUCKETS)
    assert counts[0].sum() == 3  # a, a and aa


def test_views_survive_their_file_bit_by_bit(tmp_path: Path) -> None:
    saved = views()
    saved.save(tmp_path / "views.npz")
    loaded = Views.load(tmp_path / "views.npz")
    counts = count_ngrams(TEXTS[:6])
    assert loaded.names == saved.names
    np.testing.assert_array_equal(loaded.columns(vectors(6), counts), saved.columns(vectors(6), counts))


def test_other_arrays_than_those_expected_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "views.npz", surprise=np.zeros(3))
    with pytest.raises(BundleMismatch, match="surprise"):
        Views.load(tmp_path / "views.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive"])
def test_a_file_that_is_no_archive_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "views.npz").write_bytes(content)
    with pytest.raises(BundleMismatch, match=r"views\.npz"):
        Views.load(tmp_path / "views.npz")


def test_views_without_an_ngram_score_need_no_counts_and_come_back_the_same(tmp_path: Path) -> None:
    plain = Views(views().text, None)
    plain.save(tmp_path / "views.npz")
    back = Views.load(tmp_path / "views.npz")
    assert back.ngrams is None
    assert back.names == [name for name in views().names if name != "ngram_score"]
    np.testing.assert_array_equal(back.columns(vectors(), None), plain.columns(vectors(), None))
