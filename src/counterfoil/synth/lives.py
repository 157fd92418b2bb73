"""When accounts are opened, taken over and closed, and when they put up their listings."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.synth.actors import Actor
from counterfoil.synth.calendar import DAY, END, IDENTITY_LAW, START, moment
from counterfoil.synth.dice import Dice
from counterfoil.synth.levels import Level

NEVER = float("inf")
# How many accounts a day are opened (or taken over) once sellers must be known, beside the days before.
_LAW = {"counterfeiter_naive": 0.35, "hijacked": 3.0}


@dataclass(frozen=True, slots=True)
class Life:
    """Times in epoch seconds; `closes` and `takeover` may be never. `visits` are when listings go up, sorted."""

    registered: int
    closes: float
    takeover: float
    visits: tuple[int, ...]


def life(actor: Actor, level: Level, size: int, start: float, dice: Dice, *, young: bool = False) -> Life:
    """The life of an account with that many listings; `start` is when a returning operator opens it, or 0.

    A `young` one puts everything up within weeks of being registered.
    """
    if actor.name == "hijacked":
        return _taken_over(actor, size, dice)
    if actor.life is None:
        seen = moment(dice, START, END)
        if young:
            begins = min(seen, END - 30 * DAY)
            visits = [moment(dice, begins, begins + 25 * DAY) for _ in range(size)]
            return _life(begins - dice.wait(12) * DAY, NEVER, NEVER, visits)
        registered = seen - dice.around(actor.age, 0.6) * DAY
        return _life(registered, NEVER, NEVER, [moment(dice, registered, END) for _ in range(size)])
    opens = start or _opening(actor, START, END - 5 * DAY, dice)
    closes = opens + (4 + dice.wait(actor.life)) * DAY
    if actor.name == "counterfeiter_naive" and not level.aged:
        # Most in a burst right after opening, some in a second one.
        registered = opens - dice.around(actor.age * 0.8, 0.8) * DAY
        second = dice.between(opens, min(closes, END) - DAY)
        bursts = [second if dice.chance(0.3) else opens for _ in range(size)]
        return _life(registered, closes, NEVER, [moment(dice, burst, min(burst + 3 * DAY, closes)) for burst in bursts])
    # An aged account was bought, or left to ripen; other lasting ones are opened some weeks before.
    registered = opens - (dice.around(700, 0.4) if level.aged else dice.wait(110)) * DAY
    return _life(registered, closes, NEVER, [moment(dice, opens, closes) for _ in range(size)])


def _life(registered: float, closes: float, takeover: float, visits: list[int]) -> Life:
    return Life(round(registered), closes, takeover, tuple(sorted(visits)))


def _taken_over(actor: Actor, size: int, dice: Dice) -> Life:
    """An old account that falls quiet for at least 60 days, is taken over, and then sells a lot within days."""
    takeover = _opening(actor, START + 90 * DAY, END - 10 * DAY, dice)
    registered = takeover - dice.around(actor.age, 0.4) * DAY
    before = size // 4
    quiet = takeover - 60 * DAY
    visits = [moment(dice, max(START, registered), quiet) for _ in range(before)]
    visits += [moment(dice, takeover, takeover + 9 * DAY) for _ in range(size - before)]
    return _life(registered, takeover + (12 + dice.wait(30)) * DAY, takeover, visits)


def _opening(actor: Actor, earliest: float, latest: float, dice: Dice) -> int:
    """When a first account is opened or taken over: the law makes new accounts rarer and bought ones more common."""
    after = (latest - IDENTITY_LAW) * _LAW.get(actor.name, 1.0)
    before = IDENTITY_LAW - earliest
    if dice.chance(after / (after + before)):
        return moment(dice, IDENTITY_LAW, latest)
    return moment(dice, earliest, IDENTITY_LAW - 1)
