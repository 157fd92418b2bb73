from __future__ import annotations

from collections.abc import Sequence

import pytest

from counterfoil.language.evasion import ATTACKS, evade, pairs
from counterfoil.language.normalise import fold_text
from counterfoil.model.robustness import Copy, Loss, Seen, measure

TITLES = [f"Giày Adidas superfake mã {number}" for number in range(40)]
COPIES = [Copy(title, ((5, 11), (12, 21))) for title in TITLES]
NO_TITLE = Copy("Túi LV", ((4, 6),))


def literal(titles: Sequence[tuple[int, str]]) -> list[Seen]:
    """Flags what is written plainly, and is sure of every second copy."""
    return [Seen(0.9 if place % 2 == 0 else 0.3, "superfake" in title) for place, title in titles]


def folding(titles: Sequence[tuple[int, str]]) -> list[Seen]:
    """Flags whatever folds to the word; surer of it than of the rest."""
    return [
        Seen(0.9 if "superfake" in fold_text(title) else 0.1, "superfake" in fold_text(title)) for _, title in titles
    ]


def by_name(losses: Sequence[Loss]) -> dict[str, Loss]:
    return {"+".join(loss.attacks): loss for loss in losses}


def test_a_scorer_that_reads_through_an_attack_loses_nothing_and_one_that_does_not_loses_what_was_hidden() -> None:
    for attack in ("zero_width", "math_alphabet", "full_width"):
        assert by_name(measure(COPIES, folding, threshold=0.5).single)[attack].points_lost == 0
        blind = by_name(measure(COPIES, literal, threshold=0.5).single)[attack]
        hidden = sum(
            "superfake" not in evade(copy.title, attack, f"0 {(attack,)} {place}", copy.targets)
            for place, copy in enumerate(COPIES)
        )
        assert 0 < blind.lost == hidden
        assert blind.points_lost == pytest.approx(100 * hidden / len(COPIES))


def test_recall_before_is_counted_at_the_threshold_given_and_over_the_same_rows() -> None:
    found = measure(COPIES, literal, threshold=0.5)
    assert (found.copies, found.flagged, found.above) == (40, 40, 20)
    one = by_name(found.single)["small_caps"]
    assert (one.rows, one.flagged_before, one.above_before, one.above_after) == (40, 40, 20, 20)
    assert measure(COPIES, literal, threshold=0.95).above == 0
    assert measure(COPIES, literal, threshold=0.3).above == 40


def test_a_gain_is_not_hidden_and_does_not_hide_what_was_lost() -> None:
    def swapped(titles: Sequence[tuple[int, str]]) -> list[Seen]:
        return [Seen(0.5, (title in TITLES) == (place < 10)) for place, title in titles]

    one = by_name(measure(COPIES, swapped, threshold=0.5).single)["bidi"]
    assert (one.flagged_before, one.flagged_after, one.lost) == (10, 30, 10)
    assert one.points_lost == pytest.approx(-50)


def test_rows_that_an_attack_cannot_change_do_not_count_for_it() -> None:
    found = by_name(measure([NO_TITLE, *COPIES[:3]], literal, threshold=0.5).single)
    assert found["leet"].rows == 3
    assert found["keycap"].rows == 0
    assert found["keycap"].to_json()["points_lost"] is None
    assert found["zero_width"].rows == 4
    both = by_name(measure([NO_TITLE, *COPIES[:3]], literal, threshold=0.5, with_pairs=True).pairs)
    assert both["leet+zero_width"].rows == 3
    assert both["keycap+zero_width"].rows == 0


def test_a_title_that_grows_too_long_does_not_count() -> None:
    found = by_name(measure(COPIES, literal, threshold=0.5, longest=len(TITLES[-1])).single)
    assert found["letter_spacing"].rows == 0
    assert found["small_caps"].rows == 40


def test_the_example_is_of_a_row_that_was_lost() -> None:
    def all_but_one(titles: Sequence[tuple[int, str]]) -> list[Seen]:
        return [Seen(0.5, place != 7 or title in TITLES) for place, title in titles]

    copies = [*COPIES[:7], Copy("Áo Lacoste replica", ((3, 10),)), *COPIES[8:]]
    titles = [copy.title for copy in copies]

    def score(asked: Sequence[tuple[int, str]]) -> list[Seen]:
        return [Seen(0.5, place != 7 or title in titles) for place, title in asked]

    one = by_name(measure(copies, score, threshold=0.5).single)["full_width"]
    assert one.lost == 1
    assert one.example == ("Lacoste", "Ｌａｃｏｓｔｅ")
    assert by_name(measure(COPIES, all_but_one, threshold=0.5).single)["full_width"].lost == 1


def test_every_attack_and_every_pair_is_tried_within_the_budget() -> None:
    asked: list[int] = []

    def counting(titles: Sequence[tuple[int, str]]) -> list[Seen]:
        asked.append(len(titles))
        return literal(titles)

    single = measure(COPIES, counting, threshold=0.5)
    assert [loss.attacks[0] for loss in single.single] == list(ATTACKS)
    assert single.pairs == ()
    asked.clear()
    both = measure(COPIES, counting, threshold=0.5, with_pairs=True, budget=12 * len(pairs()))
    assert [loss.attacks for loss in both.pairs] == list(pairs())
    assert sum(asked[1 + len(ATTACKS) :]) <= 12 * len(pairs())
    assert max(loss.rows for loss in both.pairs) == 12


def test_the_same_seed_gives_the_same_figures_and_another_other_titles() -> None:
    def told(seed: int) -> list[str]:
        seen: list[str] = []

        def score(titles: Sequence[tuple[int, str]]) -> list[Seen]:
            seen.extend(title for _, title in titles)
            return literal(titles)

        measure(COPIES[:5], score, threshold=0.5, seed=seed, with_pairs=True, budget=1)
        return seen

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_no_copies_give_no_figures_rather_than_an_error() -> None:
    found = measure([], literal, threshold=0.5).to_json()
    assert (found["copies"], found["recall"]) == (0, None)
    assert {one["rows"] for one in found["single"]} == {0}
