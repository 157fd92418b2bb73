"""A policy: a reviewed file, apart from the model, that turns risk into allow, review or block."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from counterfoil.errors import PolicyError
from counterfoil.features.rules import Rule
from counterfoil.knowledge.files import knowledge_file, names_in

Action = Literal["allow", "review", "block"]
Level = Literal["low", "elevated", "high"]
RANK: dict[str, int] = {"allow": 0, "review": 1, "block": 2}
Share = Annotated[float, Field(gt=0, lt=1)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy says about one row; `rule` is the first rule of the strongest action, when it is not the model's."""

    action: Action
    level: Level
    hits: tuple[Rule, ...]
    rule: Rule | None

    @property
    def flagged(self) -> bool:
        """Whether a person should look."""
        return self.action != "allow"


class Threshold(BaseModel):
    """From where on a row counts: the false-alert rate `alpha` where one can be stated of it, else the probability."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alpha: Share
    probability: Share

    @model_validator(mode="before")
    @classmethod
    def _a_table(cls, value: Any) -> Any:
        if isinstance(value, (int, float)):
            raise ValueError(  # noqa: TRY004 pydantic reports no other
                f"got the number {value}, expected a table such as {{ alpha = 0.01, probability = {value} }}: since version 4 "
                "of the default policy a threshold is a false-alert rate, and a probability where no rate can be stated"
            )
        return value

    def passed(self, probability: float, p_value: float | None) -> bool:
        """Whether a row is at or beyond it; `p_value` is None where no rate can be stated."""
        return probability >= self.probability if p_value is None else p_value <= self.alpha


class Policy(BaseModel):
    """Thresholds and rules. The model alone never blocks: only a rule that an operator wrote does.

    `fdr` is the share of false alerts that a sweep allows among its discoveries (Benjamini-Hochberg); it moves no action.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: Annotated[int, Field(ge=1)]
    review: Threshold
    priority: Threshold
    fdr: Share = 0.1
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Policy:
        if self.priority.probability < self.review.probability:
            raise ValueError(
                f"got priority.probability {self.priority.probability} below review.probability {self.review.probability}, "
                "expected it at or above"
            )
        if self.priority.alpha > self.review.alpha:
            raise ValueError(
                f"got priority.alpha {self.priority.alpha} above review.alpha {self.review.alpha}, expected it at or below"
            )
        ids = [rule.id for rule in self.rules]
        if len(ids) != len(set(ids)):
            raise ValueError(f"got the rule ids {ids}, expected each once")
        return self

    @property
    def alphas(self) -> tuple[float, float]:
        """The false-alert rates it states, the larger first."""
        return self.review.alpha, self.priority.alpha

    def outcome(self, probability: float, row: Mapping[str, float], p_value: float | None = None) -> Outcome:
        """The action for a probability and a row of feature values by name; `p_value` is given where its rate can be stated."""
        hits = tuple(rule for rule in self.rules if rule.hits(row))
        above = self.review.passed(probability, p_value)
        by_model: Action = "review" if above else "allow"
        strongest = max(hits, key=lambda rule: RANK[rule.action], default=None)
        action: Action = by_model
        rule = None
        if strongest is not None and RANK[strongest.action] > RANK[by_model]:
            action, rule = strongest.action, strongest
        level: Level = "high" if self.priority.passed(probability, p_value) else "elevated" if above else "low"
        return Outcome(action, level, hits, rule)


def load_policy(name: str = "default") -> Policy:
    """A shipped policy by name, or a policy file by path; raises `PolicyError`."""
    path = Path(name)
    if path.suffix == ".toml":
        if not path.is_file():
            raise PolicyError(f"got policy {name!r}, expected a file that exists")
        text = path.read_text(encoding="utf-8")
    elif name in names_in("policy"):
        text = knowledge_file(f"policy/{name}.toml").read_text(encoding="utf-8")
    else:
        raise PolicyError(
            f"got policy {name!r}, expected one of {', '.join(names_in('policy'))} or a path to a .toml file"
        )
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"got a policy {name!r} that is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise PolicyError(f"policy {name!r}, {'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}") from None
