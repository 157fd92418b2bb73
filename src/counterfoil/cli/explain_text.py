"""An explanation as lines of text, for `counterfoil explain`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_UNDER_REVIEW = {
    "vi": "Tin có dấu hiệu rủi ro và sẽ được người xem xét.",
    "en": "The listing shows risk signs; a person will look at it.",
}
_NOTHING = {"vi": "Tin không cần xử lý gì thêm.", "en": "Nothing needs to be done about the listing."}


def seller_text(found: dict[str, Any], languages: Sequence[str]) -> list[str]:
    """What a seller may read."""
    head = _UNDER_REVIEW if found["under_review"] else _NOTHING
    lines = [found["listing_id"] or "-"]
    for language in languages:
        lines += [head[language], *(f"- {text[language]}" for text in found["texts"])]
    return lines


def reviewer_text(found: dict[str, Any], languages: Sequence[str]) -> list[str]:
    """What a reviewer reads: the decision, how its log-odds add up, the reasons for and against, what would change it."""
    account, names = found["account"], ", ".join(f"{one['id']} {one['name']}" for one in found["rules"])
    lines = [
        f"{found['listing_id'] or '-'}: {found['title']}",
        f"  {found['recommended_action']}, probability {found['probability']:.3f}, risk {found['risk_level']}"
        + (f"; rules that hit: {names}" if names else ""),
        f"  log-odds {account['log_odds']:+.2f} = base {account['base']:+.2f}"
        + "".join(f", {family} {group['total']:+.2f}" for family, group in account["families"].items())
        + f", calibration {account['calibration']:+.2f}",
    ]
    for direction, head in (("raises", "for"), ("lowers", "against")):
        reasons = [one for one in found["reasons"] if one["direction"] == direction]
        lines += [f"  {head}:"] if reasons else []
        for one in reasons:
            by = f", {', '.join(one['rules'])}" if one["rules"] else ""
            lines.append(f"    {one['log_odds']:+.2f} {one['code']} ({one['family']}{by})")
            lines += [f"          {one['text'][language]}" for language in languages]
    return lines + _changes(found["what_would_change"])


def _changes(what_if: dict[str, Any]) -> list[str]:
    lines = ["  what would change it:"]
    for one in what_if["alternatives"]:
        told = " and ".join(
            f"{change['feature']} {_shown(change['from'])} -> {change['to']:g}" for change in one["changes"]
        )
        lines.append(f"    {told}: {one['action']}, probability {one['probability']:.3f}")
    if not what_if["alternatives"]:
        lines.append(f"    none of the {what_if['tried']:,} changes of one or two features that were tried")
    for rule in what_if["rules"]:
        needed = " or ".join(
            f"{one['feature']} {one['op']} {one['value']:g}" for one in rule["fails_when_one_does_not_hold"]
        )
        lines.append(f"    {rule['id']} no longer hits when one of these fails: {needed}")
    return lines


def _shown(value: float | None) -> str:
    return "missing" if value is None else f"{value:g}"
