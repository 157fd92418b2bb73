from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.model import titles
from counterfoil.model.titles import NEAR, families, near, table, words_of

WORDS = [f"từ{i}" for i in range(12)]
SETS = st.lists(st.frozensets(st.sampled_from(WORDS), min_size=1, max_size=10), max_size=15)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


@settings(deadline=None)
@given(SETS, SETS)
def test_the_pairs_are_all_those_that_are_near_with_their_similarity(
    left: list[frozenset[str]], right: list[frozenset[str]]
) -> None:
    pairs = near(table(left), table(right))
    found = {(i, j): alike for i, j, alike in zip(*(part.tolist() for part in pairs), strict=True)}
    expected = {(i, j): jaccard(a, b) for i, a in enumerate(left) for j, b in enumerate(right)}
    assert found == pytest.approx({pair: alike for pair, alike in expected.items() if alike >= NEAR - 1e-9})


@settings(deadline=None)
@given(SETS)
def test_families_are_what_near_pairs_connect(sets: list[frozenset[str]]) -> None:
    numbers = families(table(sets)).tolist()
    for i, one in enumerate(sets):
        kin = {numbers[j] for j, other in enumerate(sets) if jaccard(one, other) >= NEAR}
        assert kin == {numbers[i]}


def test_words_are_folded_and_stand_once() -> None:
    assert words_of("Túi XÁCH da-bò, túi 50ml!") == {"tui", "xach", "da", "bo", "50ml"}


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert words_of("304不鏽鋼 架") == {"304", "不鏽", "鏽鋼", "架"}


def test_letters_with_spaces_between_words_are_taken_as_words() -> None:
    assert len(words_of("кроссовки мужские")) == 2


@pytest.mark.parametrize("title", ["!!!", "🔥🔥", " . "])
def test_a_title_without_words_is_one_word_to_itself(title: str) -> None:
    assert len(words_of(title)) == 1


@given(st.text(min_size=1, max_size=40))
def test_every_title_is_near_itself(title: str) -> None:
    one = table([words_of(title)])
    assert near(one, one).alike.tolist() == [1.0]


def test_a_word_that_is_rare_in_too_many_titles_finds_no_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    template = [frozenset(f"giày thể thao nam chất lượng cao cấp mã {i}".split()) for i in range(30)]
    assert len(near(table(template), table(template)).left) == 900
    monkeypatch.setattr(titles, "CROWD", 29)
    pairs = near(table(template), table(template))
    assert pairs.left.tolist() == pairs.right.tolist() == list(range(30))
