from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.decide.policy import load_policy
from counterfoil.features.catalogue import catalogue
from counterfoil.features.rules import Rule
from counterfoil.model.votes import load_voters, readable
from tests.worlds import listing


def row(**values: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    names = catalogue().names
    line = np.full((1, len(names)), np.nan)
    for name, value in values.items():
        line[0, names.index(name)] = value
    return line


def cast(**values: float) -> dict[str, str]:
    """What each family says on a row with these features and no others."""
    voters = load_voters(load_policy().rules)
    ballot = voters.cast(catalogue(), row(**values))
    return {
        family[0].family: family[place - 1].id
        for family, place in zip(ballot.families, ballot.cast[0].tolist(), strict=True)
        if place
    }


def test_a_row_of_which_nothing_is_known_has_no_votes() -> None:
    assert cast() == {}


def test_rules_of_the_policy_vote() -> None:
    assert cast(claim_terms=1) == {"text": "says_copy"}
    assert cast(code_revoked=1) == {"codes": "number_revoked"}


def test_a_family_casts_the_first_of_its_votes_that_holds() -> None:
    assert cast(claim_terms=1, brand_misspelt=1, brand_owner_part=0)["text"] == "says_copy"
    assert cast(claim_terms=0, brand_misspelt=1, brand_owner_part=0)["text"] == "brand_misspelt"


def test_votes_for_genuine_are_cast_too() -> None:
    assert cast(official_store=1) == {"seller": "official_store"}
    assert cast(cheaper_than_list=0.1, brand_tier=2, brand_owner_part=0) == {"price": "near_list"}
    assert cast(seller_age_days=900, identity_verified=1) == {"seller": "verified_for_a_year"}


def test_what_a_brand_s_case_costs_says_nothing_of_the_brand() -> None:
    assert cast(cheaper_than_list=2.0, brand_tier=2, brand_owner_part=1, used_goods=0) == {}


def test_a_rule_that_no_vote_names_votes_in_a_family_of_its_own() -> None:
    own = Rule.model_validate(
        {
            "id": "X-1",
            "version": 1,
            "name": "own_rule",
            "action": "review",
            "all": [{"feature": "contacts_in_text", "op": ">=", "value": 1}],
        }
    )
    voters = load_voters([own])
    assert [vote.id for family in voters.families for vote in family if vote.family == "policy"] == ["own_rule"]
    # The policy's rules that are not there do not vote.
    assert "says_copy" not in {vote.id for family in voters.families for vote in family}


def test_every_vote_names_features_that_exist_and_every_rule_of_the_policy_has_its_place() -> None:
    rules = load_policy().rules
    voters = load_voters(rules)
    ids = [vote.id for family in voters.families for vote in family]
    assert len(ids) == len(set(ids))
    assert {"copy", "genuine"} == {vote.says for family in voters.families for vote in family}
    assert "policy" not in {vote.family for family in voters.families for vote in family}


def test_what_is_sold_is_not_hidden_from_the_trees() -> None:
    hidden = {name for family in load_voters(load_policy().rules).voted for name in family}
    assert "claim_terms" in hidden
    assert "seller_age_days" in hidden
    assert not hidden & {"brand_tier", "category_number", "brand_owner_part"}


@pytest.mark.parametrize(
    ("title", "language", "may"),
    [
        ("Giày thể thao nam siêu cấp", None, True),
        ("Giày Nike", "vi", True),
        ("Nike shoes", "en-US", True),
        ("運動鞋 男款 透氣 Nike", None, False),
        ("Nike Air", "zh-Hant", False),
        ("Кроссовки мужские", None, False),
        ("123 456", None, False),
    ],
)
def test_rules_vote_only_on_what_they_can_read(title: str, language: str | None, may: bool) -> None:
    assert readable(listing(title=title, language=language)) is may


@given(st.text(alphabet="ăâđêôơưáàảãạếềểễệ abc", min_size=1).filter(str.strip))
def test_vietnamese_letters_are_latin(title: str) -> None:
    assert readable(listing(title=title))
