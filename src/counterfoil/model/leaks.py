"""Six leaks that make a model look better than it is, each refused by its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from counterfoil.errors import LeakFound
from counterfoil.model.marks import Marks, Rows

if TYPE_CHECKING:
    from counterfoil.model.dataset import Dataset
    from counterfoil.model.lineage import Lineage

Floats = NDArray[np.float64]
Leak = Literal[
    "same_seller", "linked_seller", "near_duplicate_title", "label_before_known_at", "target_in_column", "row_order"
]
# With fewer rows of either class a column can rank them perfectly by luck.
FEWEST = 20
# A column that ranks the two classes so well, or so badly, says what the label says. Real signs stay far below.
REPEATS = 0.995
# Whether a row comes early or late may tell something of its class, but not that much.
TELLS = 0.98
IN_ORDER = 0.999


def refuse_split(data: Dataset, train: Rows, test: Rows, *, cut_off: int | None = None) -> None:
    """Refuse a split whose sides share a seller, linked sellers or a title, or whose labels came at the wrong time.

    `cut_off` is the end of the training period in microseconds where the split is by time. Raises `LeakFound`.
    """
    _refuse_shared("same_seller", "the same seller", data.sellers, train, test)
    for leak, what, marks in _marks(data.lineage):
        if len(found := marks.shared(train, test)):
            raise _on_both_sides(leak, what, found)
    _refuse_shared("linked_seller", "sellers linked through others", data.groups, train, test)
    refuse_labels(data.known_at[train], data.label_known_at[train], cut_off)
    refuse_labels(data.known_at[test], data.label_known_at[test])


def refuse_labels(known_at: Rows, label_known_at: Rows, cut_off: int | None = None) -> None:
    """Refuse labels that were known before their listing was seen, or not yet at the cut-off; -1 is no label.

    A verdict of the very instant in which its listing is seen is no leak: history takes it in afterwards. Raises `LeakFound`.
    """
    told = label_known_at >= 0
    if early := int((told & (label_known_at < known_at)).sum()):
        raise _found(
            "label_before_known_at",
            f"{early} labels that were known before their listing was",
            "each label to become known later than its listing: what was known of it then has heard the verdict",
            "leave these rows out, or correct their known_at",
        )
    if cut_off is not None and (late := int((told & (label_known_at > cut_off)).sum())):
        raise _found(
            "label_before_known_at",
            f"{late} training labels that became known after {_day(cut_off)}, where training ends",
            "training to hear only what was known then",
            "take them out with `Dataset.known_by`",
        )


def refuse_columns(values: Floats, names: Sequence[str], target: NDArray[np.int64], known_at: Rows) -> None:
    """Refuse columns that repeat the target or number the rows, and rows whose order tells the target.

    `values` is (rows, columns). A column is asked when there are at least 20 rows of each class in it. Raises `LeakFound`.
    """
    places = [np.arange(len(target), dtype=np.float64), known_at.astype(np.float64)]
    for number, name in enumerate(names):
        column = values[:, number]
        shown = ~np.isnan(column)
        # What few copies show may well tell them apart: a sign, not the label.
        most = 2 * int(target[shown].sum()) >= int(target.sum())
        areas = {
            "whose values tell": _auc(target[shown], column[shown]) if most else None,
            "whose gaps tell": _auc(target, shown.astype(np.float64)),
        }
        for what, area in areas.items():
            if area is not None and max(area, 1 - area) >= REPEATS:
                raise _found(
                    "target_in_column",
                    f"column {name!r}, {what} the target (AUC {area:.4f} by itself)",
                    f"none that reaches {REPEATS} or {1 - REPEATS:.3f}",
                    "map the label into no field, and take out what only those know who know the label",
                )
        if shown.all() and len(column) >= 2 * FEWEST and len(np.unique(column)) == len(column):
            for place in places:
                if abs(_rank_correlation(column, place)) > IN_ORDER:
                    raise _found(
                        "row_order",
                        f"column {name!r}, which numbers the rows",
                        "columns that say something of the listing",
                        "take out what fills it: a running number, or a time that only says when the row was written",
                    )
    for what, place in zip(("place in the file", "known_at"), places, strict=True):
        area = _auc(target, place)
        if area is not None and max(area, 1 - area) >= TELLS:
            raise _found(
                "row_order",
                f"rows whose {what} tells the target (AUC {area:.4f}), as if sorted by label",
                f"less than {TELLS}",
                "shuffle the rows, or give each the known_at at which it was really seen",
            )


def _marks(lineage: Lineage) -> list[tuple[Leak, str, Marks]]:
    """What may not stand on both sides, the nearest kin first."""
    return [
        ("same_seller", "the same seller", lineage.seller),
        ("linked_seller", "a contact in common", lineage.contact),
        ("linked_seller", "an image in common", lineage.image),
        ("near_duplicate_title", "a title of the same words", lineage.wording),
        ("near_duplicate_title", "a title of nearly the same words", lineage.family),
    ]


def _refuse_shared(leak: Leak, what: str, numbers: Rows, train: Rows, test: Rows) -> None:
    """As for marks, with one number a row; -1 is none."""
    met = np.zeros(int(numbers.max(initial=-1)) + 2, dtype=np.bool_)
    met[numbers[train]] = True
    met[-1] = False
    if len(found := test[met[numbers[test]]]):
        raise _on_both_sides(leak, what, found)


def _on_both_sides(leak: Leak, what: str, rows: Rows) -> LeakFound:
    return _found(
        leak,
        f"{len(rows)} test rows (the first is row {rows.min()}) that have {what} as training rows",
        "none",
        "split by the groups of `linked_groups`, or leave these rows out of one side",
    )


def _found(leak: Leak, got: str, expected: str, to_do: str) -> LeakFound:
    return LeakFound(f"leak {leak}: got {got}, expected {expected}; {to_do}")


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1e6, UTC).date().isoformat()


def _auc(target: NDArray[np.int64], score: Floats) -> float | None:
    """Area under the ROC curve; None with fewer than 20 rows of either class, or when all scores are the same."""
    positives = int(target.sum())
    negatives = len(target) - positives
    if min(positives, negatives) < FEWEST or score.min() == score.max():
        return None
    from scipy.stats import rankdata

    above = float(rankdata(score)[target == 1].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def _rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's; 0 when either is the same everywhere."""
    if other.min() == other.max():
        return 0.0
    from scipy.stats import rankdata

    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])
