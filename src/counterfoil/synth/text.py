"""What sellers write: titles by slots, and short descriptions; phones appear only as `09xx xxx xxx`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from counterfoil.synth.actors import Style
from counterfoil.synth.dice import Dice
from counterfoil.synth.goods import Good, read
from counterfoil.synth.typed import typed


@dataclass(frozen=True, slots=True)
class Habits:
    """How likely each slot of a title is filled by sellers of a style."""

    hook: float = 0.30
    claim: float = 0.0
    slang: float = 0.0
    hint: float = 0.0
    grey: float = 0.02
    assurance: float = 0.35
    trap: float = 0.07
    origin: float = 0.04
    price: float = 0.02
    contact: float = 0.01
    nickname: float = 0.0
    hides: float = 0.0  # share of those with a claim or a brand who disguise it


# A few honest sellers use the same loose words ("loại 1", "siêu cấp"), and a few hidden copies slip.
HABITS: dict[Style, Habits] = {
    "official": Habits(hook=0.20, assurance=0.40, trap=0.05),
    "plain": Habits(hint=0.010, grey=0.05, assurance=0.40, trap=0.08, price=0.03, contact=0.02),
    "imported": Habits(hint=0.006, grey=0.04, assurance=0.50, trap=0.06, origin=0.60, contact=0.04),
    "unbranded": Habits(hook=0.40, hint=0.020, grey=0.20, assurance=0.06, trap=0.10, price=0.05, contact=0.03),
    "compatible": Habits(hint=0.012, assurance=0.12, trap=0.08),
    "used": Habits(hook=0.12, claim=0.004, hint=0.010, grey=0.10, assurance=0.45, trap=0.05, contact=0.05),
    "deceptive": Habits(
        hook=0.25, claim=0.03, slang=0.04, hint=0.04, grey=0.12, assurance=0.65, trap=0.05, origin=0.15, contact=0.04
    ),
    "overt": Habits(
        hook=0.50,
        claim=0.52,
        slang=0.10,
        hint=0.35,
        grey=0.18,
        assurance=0.25,
        trap=0.03,
        price=0.20,
        contact=0.22,
        nickname=0.25,
        hides=0.40,
    ),
}


@cache
def phrases() -> dict[str, Any]:
    """The lists of `phrases.toml`."""
    return read("phrases.toml")


def title(good: Good, style: Style, amount: int, pack: int, dice: Dice, *, hidden_price: bool = False) -> str:
    """A title of at most 120 characters, as a seller of that style writes it."""
    habits, lists = HABITS[style], phrases()
    english = good.brand is not None and dice.chance(0.08)
    parts = (
        [_thing(good, habits, dice)] if not english else [f"{good.brand} {good.model}", *dice.some(lists["english"], 2)]
    )
    parts += dice.some(good.shelf.traits, dice.pick((0, 1, 1, 2, 2, 3)))
    if good.shelf.colours and dice.chance(0.55):
        parts.append(dice.pick(("màu ", "", "")) + dice.pick(lists["colours"]))
    if dice.chance(0.45):
        parts.append(dice.pick(good.shelf.sizes))
    slots: tuple[tuple[float, Any], ...] = (
        (habits.claim, lists["claims_en" if english else "claims"]),
        (habits.slang, lists["slang"]),
        (habits.hint, lists["hints"]),
        (habits.grey, lists["grey"]),
        (habits.assurance, lists["assurance"]),
        (habits.origin, lists["origins"]),
        (habits.trap, lists["traps"][good.shelf.category] + lists["traps"]["any"][: 3 if dice.chance(0.6) else None]),
        (1.0 if style == "used" else 0.0, lists["used"]),
        (
            habits.price,
            (f"{max(1, amount // 1000)}k", f"chỉ {max(1, amount // 1000)}k", f"giá {amount:,}đ".replace(",", ".")),
        ),
        (
            habits.contact,
            ("zalo 09xx xxx xxx", "ib zalo 03xx xxx xxx", "lh 08xx xxx xxx", "ib shop", "sđt 09xx xxx xxx"),
        ),
    )
    hide = [good.brand or "", *lists["nicknames"].get(good.brand or "", ())]
    for probability, options in slots:
        if dice.chance(probability):
            word = dice.pick(options)
            if options in (lists["claims"], lists["claims_en"], lists["hints"]):
                hide.append(word)
            parts.insert(0 if dice.chance(0.08) else len(parts), word if dice.chance(0.85) else word.upper())
    if hidden_price and dice.chance(0.6):
        parts.append(dice.pick(lists["hidden_price"]))
    if pack > 1:
        parts.insert(0, dice.pick((f"Combo {pack}", f"Set {pack}", f"Bộ {pack}")))
    if dice.chance(habits.hook):
        hook = dice.pick(lists["hooks_official" if style == "official" else "hooks"])
        parts.insert(0, dice.pick((f"[{hook}]", f"({hook})", hook, hook.upper(), f"[{hook.upper()}]")))
    return typed(
        parts, [word for word in hide if word], overt=style == "overt", hides=habits.hides, lists=lists, dice=dice
    )


def description(good: Good, style: Style, paper: str | None, dice: Dice) -> str:
    """Two to seven sentences; `paper` is the registration number to quote, if any."""
    habits, sentences, lists = HABITS[style], phrases()["sentences"], phrases()
    lines = dice.some(sentences["about"], dice.whole(1, 3))
    if dice.chance(habits.assurance):
        lines.append(dice.pick(sentences["assured"]))
    if dice.chance(0.02 if style == "overt" else 0.04):
        lines.append(dice.pick(sentences["guarantee"]))
    if dice.chance(habits.claim * 0.8):
        lines.append(dice.pick(sentences["claimed"]))
    if dice.chance({"deceptive": 0.15, "overt": 0.08, "imported": 0.10}.get(style, 0.03)):
        lines.append(dice.pick(sentences["cover"]))
    if style == "used":
        lines += dice.some(sentences["used"], 2)
    if paper is not None:
        lines.append(dice.pick(("Số công bố: ", "SCB: ", "Số ĐK: ", "Giấy công bố ")) + paper)
    lines += dice.some(sentences["service"], dice.whole(0, 3))
    if dice.chance(habits.contact * 1.3):
        lines.append(dice.pick(sentences["contact"]))
    text = dice.pick(("\n", " ", " ", "\n- ")).join(lines)
    thing = " ".join(word for word in (dice.pick(good.types) or good.model, good.brand) if word)
    return (
        text.replace("{thing}", thing)
        .replace("{trait}", dice.pick(good.shelf.traits))
        .replace("{size}", dice.pick(good.shelf.sizes))
        .replace("{claim}", dice.pick(lists["claims"]))
    )


def paper(good: Good, sloppy: bool, dice: Dice) -> str | None:
    """An invented registration number of the kind such goods carry; a sloppy one is a placeholder."""
    year = dice.whole(20, 26)
    if good.shelf.papers == "cosmetics":
        number = "123456" if sloppy else str(72_000 + 31_000 * (year - 18) + dice.whole(0, 30_000))
        return f"{number}/{year}/CBMP-QLD"
    if good.shelf.papers == "supplement":
        return f"{12345 if sloppy else dice.whole(100, 9900)}/20{year}/ĐKSP"
    return None


def _thing(good: Good, habits: Habits, dice: Dice) -> str:
    if good.host is not None:
        joined = good.join if good.join is not None else dice.pick(phrases()["compatible"])
        return " ".join(f"{good.model} {joined} {good.host}".split())
    if good.brand is None:
        return good.model
    nicknames = phrases()["nicknames"].get(good.brand, ())
    brand = dice.pick(nicknames) if nicknames and dice.chance(habits.nickname) else good.brand
    kind = dice.pick(good.types)
    model = good.model if not kind or dice.chance(0.9) else ""
    order = (
        f"{kind} {brand} {model}",
        f"{kind} {brand} {model}",
        f"{brand} {model}",
        f"{kind} {model} {brand}",
        f"{brand} {kind} {model}",
    )
    return " ".join(dice.pick(order).split())
