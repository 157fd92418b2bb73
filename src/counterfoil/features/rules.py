"""Rules: all of a list of comparisons over catalogue names. The same rules act in a policy and vote without labels."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from math import isnan
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from counterfoil.features.catalogue import catalogue

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


class Condition(BaseModel):
    """One comparison; it does not hold when the value is missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feature: str
    op: Literal[">=", ">", "<=", "<", "==", "!="]
    value: Annotated[float, Field(allow_inf_nan=False)]

    @field_validator("feature")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in catalogue().names:
            raise ValueError(f"got feature {name!r}, expected one of the catalogue: see `counterfoil features`")
        return name

    def holds(self, row: Mapping[str, float]) -> bool:
        """Whether a row satisfies it."""
        value = row[self.feature]
        return not isnan(value) and _OPERATORS[self.op](value, self.value)


class Rule(BaseModel):
    """A named rule; it hits when all its conditions hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    version: int
    name: str
    action: Literal["review", "block"]
    all: Annotated[tuple[Condition, ...], Field(min_length=1)]

    def hits(self, row: Mapping[str, float]) -> bool:
        """Whether all conditions hold in a row of feature values by name."""
        return all(condition.holds(row) for condition in self.all)


class Vote(BaseModel):
    """What a rule says where there are no labels; votes of one `family` look at the same thing, and the first counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    family: str
    says: Literal["copy", "genuine"]
    all: Annotated[tuple[Condition, ...], Field(min_length=1)]

    def hits(self, row: Mapping[str, float]) -> bool:
        """Whether all conditions hold in a row of feature values by name."""
        return all(condition.holds(row) for condition in self.all)
