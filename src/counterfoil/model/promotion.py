"""Putting a bundle in use: verified beside its place, moved in at once, and written down for good."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from counterfoil.errors import PromotionRefused
from counterfoil.model.bundle import Bundle
from counterfoil.model.fairness import unfair
from counterfoil.model.manifest import MANIFEST, Manifest, sha256_of


class Promotion(BaseModel):
    """One line of the promotion log; `bundle_sha256` is that of the manifest, which holds the hash of every other file.

    `fairness_override` is the reason for which a bundle was promoted that flags honest sellers of some slice too often.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: datetime
    who: str
    why: str
    kind: Literal["promotion", "rollback"]
    version: int
    previous_version: int | None
    run_id: str | None
    bundle_sha256: str
    data_sha256: str
    metrics: dict[str, float]
    fairness_override: str | None = None


def read_promotions(path: Path) -> list[Promotion]:
    """Every promotion so far, the latest last; raises `PromotionRefused` with the line that cannot be read."""
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Promotion.model_validate_json(line))
        except ValidationError as error:
            raise PromotionRefused(
                f"got line {number} of {path} that is not a promotion, expected the log as it was written: mend it by "
                f"hand, nothing was changed ({error.errors()[0]['msg']})"
            ) from None
    return found


def append(path: Path, promotion: Promotion) -> None:
    """Add a line to the log, on disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(promotion.model_dump_json().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def before_that(promotions: list[Promotion]) -> int:
    """The version that a rollback goes back to: the one in use before the current one came.

    A rollback takes the promotion that it undoes with it, so two in a row go back two versions. Raises `PromotionRefused`.
    """
    stack: list[int] = []
    for one in promotions:
        if one.kind == "rollback" and stack:
            stack.pop()
        elif not stack or stack[-1] != one.version:
            stack.append(one.version)
    if len(stack) < 2:
        raise PromotionRefused(
            f"got a rollback after {len(promotions)} promotions, expected an earlier version to go back to; remove "
            "the folder of the current bundle to use the demo again"
        )
    return stack[-2]


def needs_override(manifest: Manifest, reason: str | None) -> str | None:
    """The reason to keep in the log: `reason` where a slice of honest sellers is flagged too often, None where none is.

    Raises `PromotionRefused` with the slices and their figures where a reason is needed and none is given. A bundle without
    such figures, as older ones are, needs none: nothing is known against it.
    """
    account = manifest.metrics.get("fairness") or {}
    found = unfair(account)
    if found and reason is None:
        raise PromotionRefused(
            f"got a bundle that flags genuine listings of a slice more than {account['limit']} times as often as genuine ones in "
            f"all, expected none. {'; '.join(found)}. Train it better, or say why it must be used all the same with "
            '--override-fairness "reason", which is kept in the promotion log'
        )
    return reason if found else None


@contextmanager
def replaced(
    folder: Path, fetch: Callable[[Path], object], judge: Callable[[Manifest], object] = lambda _: None
) -> Iterator[Manifest]:
    """Let `fetch` write a bundle beside `folder`, verify it by loading it, and move it into place; the block runs then.

    `judge` sees its manifest first, and may raise to refuse it.

    When anything raises, the block included, the folder is again what it was. Between the two renames the folder is
    missing for an instant, so a process that starts then may still find the bundle it would without one.
    """
    new, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}-before.new")
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise PromotionRefused(f"got {folder} with other files in it, expected an older bundle or nothing")
    if old.exists() and not folder.exists():
        old.rename(folder)  # an earlier promotion was cut off between its two renames
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    try:
        fetch(new)
        manifest = Bundle.load(new).manifest
        judge(manifest)
        for path in new.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
            _sync(path)
        _sync(new)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
            _sync(folder.parent)
            yield manifest
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            if old.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def fingerprint(folder: Path) -> str:
    """What names the bundle in a folder: sha256 of its manifest."""
    return sha256_of(folder / MANIFEST)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
