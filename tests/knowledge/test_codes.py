from __future__ import annotations

import pytest

from counterfoil.errors import NotFound
from counterfoil.knowledge.codes import code_kind, code_kinds, forms, placeholder
from counterfoil.knowledge.files import knowledge_hash, names_in, read_toml


def test_every_kind_has_a_name_in_both_languages_and_in_the_sentences() -> None:
    words = read_toml("reasons.toml")["words"]
    for name, kind in code_kinds().items():
        assert kind.id == name
        assert kind.name_en != kind.name_vi
        assert name in words["en"]
        assert name in words["vi"]


def test_cosmetics_hold_for_five_years_and_medicines_for_a_time_nobody_can_say() -> None:
    assert code_kind("cosmetic_notification").valid_years == 5
    assert code_kind("medicine_registration").valid_years is None


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match="expected one of gtin, isbn"):
        code_kind("passport")


def test_each_form_can_be_written_and_says_where_it_is_from() -> None:
    for form, entry in zip(forms(), read_toml("codes.toml")["form"], strict=True):
        assert form.written.format(number=7, year=24, tail="X", prefix="VD")
        assert 1 <= form.digits[0] <= form.digits[1]
        assert bool(form.marks) != bool(form.context)
        assert entry["source"]
    assert placeholder().repeated == placeholder().counted == 4


def test_the_file_decides_how_events_are_folded_so_a_store_names_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    from counterfoil.knowledge import files

    with_codes = knowledge_hash()
    monkeypatch.setattr(files, "_FOLDED", ("brands.toml", "categories.toml"))
    knowledge_hash.cache_clear()
    without = knowledge_hash()
    knowledge_hash.cache_clear()
    assert with_codes != without


def test_the_lexicon_decides_what_a_store_counts_so_it_is_part_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from counterfoil.knowledge import files

    whole = knowledge_hash()
    monkeypatch.setattr(files, "names_in", lambda folder: [one for one in names_in(folder) if one != "grey"])
    knowledge_hash.cache_clear()
    without = knowledge_hash()
    knowledge_hash.cache_clear()
    assert whole != without
