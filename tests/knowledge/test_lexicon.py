from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.knowledge.lexicon import (
    EXCUSES,
    GRADES,
    Term,
    accessories,
    context,
    shipped_files,
    term_of,
    terms,
    trap_of,
    traps,
    used,
)
from counterfoil.knowledge.lexicon_file import entries, faults_of

SOUND: dict[str, Any] = {
    "id": "own", "grade": "A", "source": "an analyst's note", "added": "2026-11-24", "forms": ["hàng mới lạ"],
    "examples": ["Giày hàng mới lạ"], "counter_examples": ["Hàng mới về"],
}  # fmt: skip


def faults(**changes: Any) -> list[str]:
    entry = {name: value for name, value in {**SOUND, **changes}.items() if value is not None}
    return [fault.detail for fault in faults_of("own.toml", {"version": "2026-11-24", "term": [entry]})]


def test_the_shipped_files_are_sound() -> None:
    assert [fault for file, data in shipped_files().items() for fault in faults_of(file, data)] == []


def test_every_grade_has_terms_and_every_id_is_its_own() -> None:
    assert {term.grade for term in terms()} == set(GRADES)
    ids = [term.id for term in terms()]
    assert len(ids) == len(set(ids)) >= 50


def test_every_term_and_trap_of_the_files_is_loaded() -> None:
    files = shipped_files().values()
    assert len(terms()) == sum(len(entries(data, "term")) for data in files)
    assert len(traps()) == sum(len(entries(data, "trap")) for data in files)


def test_every_term_is_dated_sourced_and_shown() -> None:
    assert all(
        term.added == date(2026, 11, 24) and term.source and term.examples and term.counter_examples for term in terms()
    )


def test_a_bare_token_with_many_meanings_counts_only_beside_a_brand() -> None:
    bare = {
        form: term
        for term in terms()
        for form in (*term.forms, *term.accented_only)
        if form in {"rep", "sf", "f1", "ua", "aaa", "1:1", "siêu cấp", "loại 1"}
    }
    assert len(bare) == 8
    assert {term.needs for term in bare.values()} == {"brand"}
    assert all(term.unbranded not in {"S", "A"} for term in bare.values())


def test_traps_say_what_they_mean_and_are_no_claims() -> None:
    assert all(trap.means and trap.scope in EXCUSES and (trap.forms or trap.accented_only) for trap in traps())
    assert {"material", "name", "guarantee", "compatibility", "trap"} <= {trap.scope for trap in traps()}


def test_a_trap_without_a_scope_is_a_plain_one() -> None:
    assert trap_of({"means": "a song", "forms": ["fake love"]}).scope == "trap"


def test_the_rule_of_six_words_is_kept() -> None:
    assert context().window == 6
    assert {"không", "ko", "k", "hok", "hông", "chẳng"} <= set(context().bare)
    assert {"nếu", "phát hiện", "phân biệt", "nói không với", "hoàn tiền"} <= set(context().triggers)


def test_accessories_and_used_goods_have_words() -> None:
    assert {"cho", "dành cho", "dùng cho", "tương thích", "phù hợp", "thay thế"} <= set(accessories().connectors)
    assert {"ốp", "bao da", "dây đeo", "kính cường lực", "lót giày", "dây giày"} <= set(accessories().things)
    assert {"2hand", "đã qua sử dụng", "pass lại", "like new", "si tuyển"} <= set(used().forms)


def test_a_category_that_is_not_known_is_no_match_unless_a_brand_stands_beside() -> None:
    term = term_of({**SOUND, "categories": ["shoes"], "except_categories": ["books"]})
    assert [term.counts_in(one) for one in ("shoes", "books", "food", None)] == [True, False, False, False]
    assert term.counts_in(None, branded=True)
    anywhere = replace(term, categories=())
    assert [anywhere.counts_in(one) for one in ("shoes", "books", "food", None)] == [True, False, True, True]


@pytest.mark.parametrize(
    ("needs", "unbranded", "branded", "grade"),
    [("none", None, False, "A"), ("brand", None, True, "A"), ("brand", None, False, None), ("brand", "C", False, "C")],
)
def test_a_brand_decides_how_much_a_term_says(
    needs: str, unbranded: str | None, branded: bool, grade: str | None
) -> None:
    term: Term = term_of({**SOUND, "needs": needs, "unbranded": unbranded})
    assert term.grade_with(branded) == grade


def test_a_sound_entry_has_no_fault() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"grad": "S"}, "unknown fields grad"),
        ({"grade": "D"}, "expected one of S, A, B, C"),
        ({"grade": None}, "lacks grade"),
        ({"source": ""}, "expected a text"),
        ({"categories": ["shoe"]}, "expected some of bags, shoes"),
        ({"except_categories": "books"}, "expected a list of texts"),
        ({"forms": []}, "has no form"),
        ({"forms": [" "]}, "expected a list of texts"),
        ({"examples": None}, "has no examples"),
        ({"counter_examples": []}, "has no counter_examples"),
        ({"added": "yesterday"}, "expected a day"),
        ({"needs": "luck"}, "expected one of none, brand"),
        ({"unbranded": "B"}, "counts only with needs"),
        ({"unless_scope": "claim"}, "expected one of guarantee"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(changes: dict[str, Any], words: str) -> None:
    assert any(words in detail for detail in faults(**changes)), faults(**changes)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"term": []}, "expected the day"),
        ({"version": "2026-11-24", "term": {"id": "one"}}, "expected tables headed [[term]]"),
        ({"version": "2026-11-24", "trap": ["fake love"]}, "expected tables headed [[trap]]"),
        ({"version": "2026-11-24", "trap": [{"forms": ["fake love"]}]}, "lacks means"),
        (
            {"version": "2026-11-24", "trap": [{"means": "a song", "scope": "claim", "forms": ["x"]}]},
            "expected one of guarantee",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_named(data: dict[str, Any], words: str) -> None:
    assert any(words in fault.detail for fault in faults_of("own.toml", data))
