"""A policy: a reviewed file, apart from the model, that turns risk into allow, review or block."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from counterfoil.errors import PolicyError
from counterfoil.features.rules import Rule
from counterfoil.knowledge.files import knowledge_file, names_in

Action = Literal["allow", "review", "block"]
Level = Literal["low", "elevated", "high"]
RANK: dict[str, int] = {"allow": 0, "review": 1, "block": 2}


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


class Policy(BaseModel):
    """Thresholds on the probability, and rules. The model alone never blocks: only a rule that an operator wrote does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: Annotated[int, Field(ge=1)]
    review: Annotated[float, Field(gt=0, lt=1)]
    priority: Annotated[float, Field(gt=0, lt=1)]
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Policy:
        if self.priority < self.review:
            raise ValueError(f"got priority {self.priority} below review {self.review}, expected it at or above")
        ids = [rule.id for rule in self.rules]
        if len(ids) != len(set(ids)):
            raise ValueError(f"got the rule ids {ids}, expected each once")
        return self

    def outcome(self, probability: float, row: Mapping[str, float]) -> Outcome:
        """The action for a probability and a row of feature values by name."""
        hits = tuple(rule for rule in self.rules if rule.hits(row))
        by_model: Action = "review" if probability >= self.review else "allow"
        strongest = max(hits, key=lambda rule: RANK[rule.action], default=None)
        action: Action = by_model
        rule = None
        if strongest is not None and RANK[strongest.action] > RANK[by_model]:
            action, rule = strongest.action, strongest
        level: Level = "high" if probability >= self.priority else "elevated" if probability >= self.review else "low"
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
