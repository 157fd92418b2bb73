"""Reasons: which features moved the log-odds of a row, with the evidence behind each, and an account that adds up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from counterfoil.features.catalogue import FeatureSet
from counterfoil.features.feature import FAMILIES, Family, Reason, reason
from counterfoil.features.reading import Reading
from counterfoil.features.rules import Rule

MOST_RAISING, MOST_LOWERING = 6, 3
# A contribution below this is noise to a reader: it moves a probability of one half by less than one point.
_FLOOR = 0.03
_MOST_COLUMNS = 3
# A fitted column is named for what it was fitted on; all others are of the text.
_FITTED: dict[str, Family] = {"price": "price", "seller": "seller", "category": "listing"}


@dataclass(frozen=True, slots=True)
class Explained:
    """One reason of one decision: contributions of the features that share its code, in log-odds.

    `rules` are the ids of the rules that hit because of it; its direction is still what the trees made of it.
    """

    code: str
    family: Family
    direction: Literal["raises", "lowers"]
    log_odds: float
    evidence: Mapping[str, Any]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The log-odds of one family: by reason, and what its columns without one add together."""

    reasons: Mapping[str, float]
    rest: float

    @property
    def total(self) -> float:
        """All of the family."""
        return sum(self.reasons.values()) + self.rest


@dataclass(frozen=True, slots=True)
class Account:
    """How a row's log-odds come about: base, families and calibration sum to logit(probability)."""

    base: float
    families: Mapping[Family, Group]
    calibration: float

    @property
    def log_odds(self) -> float:
        """The sum."""
        return self.base + sum(group.total for group in self.families.values()) + self.calibration


@dataclass(frozen=True, slots=True)
class Row:
    """One row to explain: `values` and `contributions` in the order of `names`, the base value being the last contribution."""

    reading: Reading
    features: FeatureSet
    names: Sequence[str]
    family: Mapping[str, Family]
    values: Sequence[float]
    contributions: Sequence[float]


def explain(row: Row, hits: Sequence[Rule] = (), *, flagged: bool = False) -> tuple[Explained, ...]:
    """The strongest reasons of a row, raising ones first.

    Those of a rule that hit are all shown, whatever the trees made of them, and a flagged row is never left without a reason.
    """
    given = _given(row)
    found = [*_spoken(row, given, hits), *_silent_rules(row, given, hits)]
    moving = [one for one in found if abs(one.log_odds) >= _FLOOR]
    kept = [*_raising(moving)[:MOST_RAISING], *_lowering(moving)[:MOST_LOWERING]]
    kept += [one for one in found if one.rules and one not in kept]
    if flagged and not any(one.rules or one.direction == "raises" for one in kept):
        kept.append(_no_single_sign(row, given))
    return tuple(replace(one, log_odds=round(one.log_odds, 6)) for one in _raising(kept) + _lowering(kept))


def account(row: Row, calibration: float) -> Account:
    """All contributions of a row, by family and by reason; nothing is left out."""
    totals = dict.fromkeys(FAMILIES, 0.0)
    for name, amount in zip(row.names, row.contributions, strict=False):
        totals[row.family[name]] += amount
    named: dict[Family, dict[str, float]] = {family: {} for family in FAMILIES}
    for one in _spoken(row, _given(row), ()):
        named[one.family][one.code] = one.log_odds
    groups = {family: Group(named[family], totals[family] - sum(named[family].values())) for family in FAMILIES}
    return Account(row.contributions[-1], groups, calibration)


def family_of(features: FeatureSet, names: Sequence[str]) -> dict[str, Family]:
    """The family of every column of a bundle."""
    fitted = names[len(features.features) :]
    return {one.name: one.family for one in features.features} | {
        name: _FITTED.get(name.partition("_")[0], "text") for name in fitted
    }


def _given(row: Row) -> dict[str, Reason]:
    """The reason that each feature gives, by its name; most have nothing to say of a row."""
    reasons = ((one.name, one.reason(row.reading)) for one in row.features.features if one.explains)
    return {name: given for name, given in reasons if given is not None}


def _raising(reasons: Sequence[Explained]) -> list[Explained]:
    return sorted((one for one in reasons if one.direction == "raises"), key=lambda one: -one.log_odds)


def _lowering(reasons: Sequence[Explained]) -> list[Explained]:
    return sorted((one for one in reasons if one.direction == "lowers"), key=lambda one: one.log_odds)


def _spoken(row: Row, given: Mapping[str, Reason], hits: Sequence[Rule]) -> list[Explained]:
    """Every reason that a feature or the wording as a whole gives, however little it moved."""
    amounts = dict(zip(row.names, row.contributions, strict=False))
    by_code: dict[str, list[str]] = {}
    for name, one in given.items():
        by_code.setdefault(one.code, []).append(name)
    reasons = []
    for names in by_code.values():
        rules = [rule.id for rule in hits if any(condition.feature in names for condition in rule.all)]
        amount = sum(amounts[name] for name in names)
        reasons.append(_explained(given[names[0]], row.family[names[0]], amount, tuple(rules)))
    return [*reasons, *_wording(row)]


def _explained(given: Reason, family: Family, amount: float, rules: tuple[str, ...] = ()) -> Explained:
    return Explained(given.code, family, "raises" if amount >= 0 else "lowers", amount, given.evidence, rules)


def _wording(row: Row) -> list[Explained]:
    """What the fitted columns of the text add together: no word stands for it, so its share is the evidence."""
    first = len(row.features.features)
    fitted = zip(row.names[first:], row.contributions[first:], strict=False)
    amounts = [amount for name, amount in fitted if row.family[name] == "text"]
    if not amounts:
        return []
    amount, moved = sum(amounts), sum(map(abs, row.contributions[:-1]))
    given = reason(
        "WORDING_LIKE_FLAGGED" if amount >= 0 else "WORDING_LIKE_UNFLAGGED",
        fields=["title", "description"] if row.reading.listing.description else ["title"],
        percent=round(100 * abs(amount) / moved) if moved else 0,
        columns=len(amounts),
    )
    return [_explained(given, "text", amount)]


def _silent_rules(row: Row, given: Mapping[str, Reason], hits: Sequence[Rule]) -> Iterator[Explained]:
    """A rule none of whose features gives a reason is shown by its conditions; the trees' part stays with its columns."""
    for rule in hits:
        if not any(condition.feature in given for condition in rule.all):
            value = dict(zip(row.names, row.values, strict=True))
            told = ", ".join(f"{one.feature} {one.op} {one.value:g} ({value[one.feature]:g})" for one in rule.all)
            shown = reason("RULE_CONDITIONS", rule=rule.id, conditions=told)
            yield _explained(shown, row.family[rule.all[0].feature], 0.0, (rule.id,))


def _no_single_sign(row: Row, given: Mapping[str, Reason]) -> Explained:
    """Where nothing that can speak raised the score: the columns that did, and the base value where none did."""
    features = [one.name for one in row.features.features]
    silent = {name: amount for name, amount in zip(features, row.contributions, strict=False) if name not in given}
    most = sorted((name for name in silent if silent[name] > 0), key=lambda name: -silent[name])[:_MOST_COLUMNS]
    raised = sum(silent[name] for name in most)
    shown = reason("NO_SINGLE_SIGN", columns=", ".join(most) or "base", raised=round(raised, 2))
    return _explained(shown, row.family[most[0]] if most else "listing", raised)
