from __future__ import annotations

from collections import Counter

from counterfoil.knowledge.brands import brands, known_brand, no_brand_values
from counterfoil.language.normalise import fold_text

CATEGORIES = {
    "bags", "shoes", "clothing", "perfume", "cosmetics", "watches", "phone_accessories", "electronics", "motor_parts",
    "books", "supplements", "medicine", "food", "toys", "alcohol", "household",
}  # fmt: skip


def test_every_brand_is_filed_once_with_a_source_and_categories_of_ours() -> None:
    assert len(brands()) >= 56
    assert len({brand.id for brand in brands()}) == len(brands())
    for brand in brands():
        assert brand.source
        assert brand.categories
        assert set(brand.categories) <= CATEGORIES, brand.id
        assert set(brand.list_price) <= set(brand.categories), brand.id
        assert all(1_000 <= price <= 10**9 for price in brand.list_price.values())


def test_no_form_belongs_to_two_brands_or_means_no_brand() -> None:
    forms = Counter(
        form
        for brand in brands()
        for form in {fold_text(form) for form in (brand.name, *brand.forms, *brand.field_forms)}
    )
    assert [form for form, count in forms.items() if count > 1] == []
    assert not {fold_text(value) for value in no_brand_values()} & set(forms)


def test_brands_that_are_words_have_another_form_or_are_silent_in_titles() -> None:
    for brand in brands():
        assert not brand.ordinary_word or fold_text(brand.name) not in {fold_text(form) for form in brand.forms}


def test_a_brand_is_found_by_its_id() -> None:
    brand = known_brand("nike")
    assert brand is not None
    assert brand.name == "Nike"
    assert known_brand("no such brand") is None
    assert known_brand(None) is None
