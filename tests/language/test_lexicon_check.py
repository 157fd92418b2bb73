from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.knowledge.lexicon import Term, traps
from counterfoil.language.lexicon import lexicon, read_lexicon
from counterfoil.language.lexicon_check import check_lexicon
from counterfoil.language.views import views
from tests.language.lexicons import own, term

TITLE = "Giày Thể Thao Nam Biti's Hunter Core Đế Êm Nhẹ Màu Trắng Kem"
CLAIMING = "Giày Nike Air Force 1 rep 1:1 full box hàng chính hãng"


def test_the_shipped_lexicon_has_no_problem() -> None:
    assert [one for one in check_lexicon(lexicon(), traps()) if one.kind != "overlap"] == []


def problems(*made: Term) -> dict[str, str]:
    return {one.kind: one.detail for one in check_lexicon(own(*made), traps())}


def test_the_check_names_dead_forms_duplicates_and_wrong_examples() -> None:
    assert problems(term()) == {}
    assert "'fake love' is read as own (A, name)" in problems(term(forms=("hàng xịt", "fake love")))["dead form"]
    assert "hàng xịt" in problems(term(), term(id="other"))["duplicate"]
    assert "two terms have this id" in problems(term(), term(forms=("đồ xịt",), examples=("đồ xịt",)))["duplicate"]
    assert "Giày đẹp" in problems(term(examples=("Giày đẹp",)))["example"]
    assert "Túi hàng xịt" in problems(term(counter_examples=("Túi hàng xịt",)))["counter-example"]
    weak = term(id="weak", grade="C", forms=("bao hàng xịt",), examples=("bao hàng xịt",))
    assert problems(term(), weak)["overlap"] == "'bao hàng xịt' (C) hides own (A)"


def _seconds(text: str) -> float:
    seen = views(text)
    times = []
    for _ in range(3):
        start = time.process_time()
        read_lexicon(seen, "shoes", branded=True)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", [f"{TITLE} ", f"{CLAIMING} ", "không bán hàng nhái ", "fake ", "rep 1:1, đền ", "1:1 đổi 1:1 đổi "]
)
def test_reading_is_linear_in_the_length(text: str) -> None:
    once, tenfold = (_seconds(text * count) for count in (200, 2000))
    assert tenfold < 25 * once


@pytest.mark.slow
def test_a_usual_title_is_read_in_less_than_60_microseconds() -> None:
    def per_call(text: str) -> float:
        seen = views(text)
        start = time.process_time()
        for _ in range(500):
            read_lexicon(seen, "shoes", branded=True)
        return (time.process_time() - start) / 500

    # Twice the budget: other programs may be running.
    assert min(per_call(TITLE) for _ in range(5)) < 120e-6


def _crawled() -> Iterator[str]:
    folder = os.environ.get("COUNTERFOIL_DATA")
    if folder is None:
        pytest.skip("COUNTERFOIL_DATA does not name the folder of real data")
    import csv

    for path in sorted(Path(folder, "tiki").glob("*shoes.csv")):
        with path.open(encoding="utf-8") as file:
            yield from (row["name"] for row in csv.DictReader(file))


@pytest.mark.slow
def test_hardly_any_title_of_a_real_shop_claims_to_be_a_copy() -> None:
    titles = list(_crawled())
    claimed = [title for title in titles if _is_strong(title)]
    assert len(titles) > 1000
    assert len(claimed) <= len(titles) / 1000


def _is_strong(title: str) -> bool:
    hits = read_lexicon(views(title), "shoes")
    return any(hit.scope == "claim" and hit.grade in ("S", "A") for hit in hits)
