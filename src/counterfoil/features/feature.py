"""What a feature is: a named row function of a listing and of what was known the moment before."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from counterfoil.features.reading import Reading

MISSING = math.nan
Family = Literal["price", "seller", "listing", "identifiers", "text"]
FAMILIES: tuple[Family, ...] = ("price", "seller", "listing", "identifiers", "text")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a feature speaks: a code of `knowledge/reasons.toml` and the evidence that its sentence quotes."""

    code: str
    evidence: MappingProxyType[str, Any]


def reason(code: str, **evidence: Any) -> Reason:
    """A reason with its evidence; values are JSON scalars or lists."""
    return Reason(code, MappingProxyType(evidence))


@dataclass(slots=True)
class Feature:
    """One column: `monotone` +1 forces risk never to fall as it rises; `version` goes up when the definition changes."""

    name: str
    family: Family
    monotone: int
    version: int
    doc: str
    needs: tuple[str, ...]
    function: Callable[..., float]
    _because: Callable[..., Reason | None] | None = field(default=None, repr=False)
    _because_needs: tuple[str, ...] = ()

    def because(self, function: Callable[..., Reason | None]) -> Callable[..., Reason | None]:
        """Register the function that gives the reason with its evidence; None says there is nothing to show."""
        self._because, self._because_needs = function, tuple(inspect.signature(function).parameters)
        return function

    def reason(self, row: Reading) -> Reason | None:
        """The reason this feature gives for one row, or None."""
        if self._because is None:
            return None
        return self._because(*(getattr(row, need) for need in self._because_needs))

    @property
    def explains(self) -> bool:
        """Whether this feature can give a reason."""
        return self._because is not None


def feature(family: Family, *, monotone: int = 0, version: int = 1) -> Callable[[Callable[..., float]], Feature]:
    """Make a row function a feature; its parameters name parts of `Reading`, its docstring is its public documentation."""

    def register(function: Callable[..., float]) -> Feature:
        doc = inspect.getdoc(function)
        if not doc:
            raise TypeError(
                f"got feature {function.__name__} without a docstring, expected one: it is public documentation"
            )
        needs = tuple(inspect.signature(function).parameters)
        return Feature(function.__name__, family, monotone, version, doc, needs, function)

    return register
