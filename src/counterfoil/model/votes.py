"""How rules vote on rows without labels: one vote a family and row, in the order of `knowledge/votes.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from counterfoil.errors import PolicyError
from counterfoil.features.catalogue import FeatureSet
from counterfoil.features.rules import Condition, Rule, Vote
from counterfoil.ingest.schema import Listing
from counterfoil.knowledge.files import read_toml

_FILE = "votes.toml"
_OWN_FAMILY = "policy"
# The languages in which the lexicon knows what a word means.
LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Ballot:
    """The votes cast on rows: `cast` (rows, families), 0 for none, else the place of the vote in its family from 1 on."""

    families: tuple[tuple[Vote, ...], ...]
    cast: NDArray[np.int64]
    branded: NDArray[np.bool_]

    @property
    def counts(self) -> dict[str, int]:
        """Rows by vote; a vote that an earlier one of its family took the place of is not counted."""
        return {
            vote.id: int((self.cast[:, column] == place).sum())
            for column, family in enumerate(self.families)
            for place, vote in enumerate(family, 1)
        }


class Voters:
    """The votes by family, and what they rest on."""

    def __init__(
        self, families: Sequence[Sequence[Vote]], branded: Sequence[Condition], context: Sequence[str] = ()
    ) -> None:
        self.families = tuple(map(tuple, families))
        self._branded = tuple(branded)
        self._context = frozenset(context)

    @cached_property
    def voted(self) -> tuple[tuple[str, ...], ...]:
        """The features that each family's votes rest on, without those that only say what is sold."""
        return tuple(
            tuple(sorted({one.feature for vote in family for one in vote.all} - self._context))
            for family in self.families
        )

    def cast(self, features: FeatureSet, values: NDArray[np.float64]) -> Ballot:
        """Let all families vote on every row of a matrix."""
        names = features.names
        cast = np.zeros((len(values), len(self.families)), dtype=np.int64)
        branded = np.zeros(len(values), dtype=np.bool_)
        for at, line in enumerate(values.tolist()):
            row = dict(zip(names, line, strict=True))
            branded[at] = all(condition.holds(row) for condition in self._branded)
            for column, family in enumerate(self.families):
                cast[at, column] = next((place for place, vote in enumerate(family, 1) if vote.hits(row)), 0)
        return Ballot(self.families, cast, branded)


def load_voters(rules: Sequence[Rule]) -> Voters:
    """The shipped votes, with a policy's rules in their places; raises `PolicyError` for a vote that is no sound one.

    A vote whose rule the policy does not have is left out; a rule that no vote names votes "copy" in a family of its own.
    """
    data = read_toml(_FILE)
    by_id = {rule.id: rule for rule in rules}
    families: dict[str, list[Vote]] = {}
    named = {entry["rule"] for entry in data["vote"] if "rule" in entry}
    try:
        for entry in data["vote"]:
            rule = by_id.get(entry.get("rule", ""))
            if "rule" in entry and rule is None:
                continue
            vote = _vote(entry, rule)
            families.setdefault(vote.family, []).append(vote)
        branded = [Condition.model_validate(one) for one in data["branded"]]
    except ValidationError as error:
        first = error.errors()[0]
        raise PolicyError(f"{_FILE}, {'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}") from None
    for rule in rules:
        if rule.id not in named:
            own = Vote(id=rule.name, family=_OWN_FAMILY, says="copy", all=rule.all)
            families.setdefault(_OWN_FAMILY, []).append(own)
    return Voters(list(families.values()), branded, data["context"])


def _vote(entry: dict[str, Any], rule: Rule | None) -> Vote:
    given = {name: value for name, value in entry.items() if name != "rule"}
    return Vote.model_validate(given if rule is None else {**given, "all": [one.model_dump() for one in rule.all]})


def readable(listing: Listing) -> bool:
    """Whether rules may vote on a listing at all: Vietnamese or English as far as is stated, and Latin letters at least half.

    In another language a lexicon that finds nothing says nothing, so no rule votes there, be it for "copy" or "genuine".
    """
    if listing.language is not None and listing.language.lower().split("-")[0] not in LANGUAGES:
        return False
    letters = [char for char in listing.title if char.isalpha()]
    # Latin letters and their accents end at U+024F, the Vietnamese ones of U+1E00 aside.
    latin = sum(char <= "\u024f" or "\u1e00" <= char <= "\u1eff" for char in letters)
    return bool(letters) and latin >= len(letters) / 2
