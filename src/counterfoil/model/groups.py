"""Which rows a split may never part: the same seller, linked sellers, the same title family."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from counterfoil.history.views import About
from counterfoil.model.lineage import Lineage
from counterfoil.model.marks import Marks

# A contact, an image or a title that more sellers than this share (a courier's phone, "Áo thun nam") links nobody.
HUB = 20
# Stock photos and common titles chain half a market: beyond this share of the rows, or so many, they link no further.
LARGEST, ROWS = 0.05, 100


def linked_groups(about: Sequence[About]) -> NDArray[np.int64]:
    """A group number a row, as `linked` makes them."""
    return linked(about)[0]


def linked(about: Sequence[About]) -> tuple[NDArray[np.int64], Lineage]:
    """A group number a row, and the lineage of the rows with the marks that link.

    Rows of one seller, of sellers with a contact or an image in common and of one family of near titles are one group. Groups
    are connected components, the same whatever the order of rows. A row without a seller stands with its title. Images and
    titles, those of the fewest sellers first, link no further than to 5 % of the rows (or 100): what is left out then is no
    mark of the lineage either.
    """
    lineage = Lineage.of(about)
    sellers = _sellers(lineage)
    links = _Links(np.bincount(sellers), max(ROWS, int(LARGEST * len(about))))
    links.join(lineage.contact, sellers, capped=False)
    for marks in (lineage.image, lineage.wording, lineage.family):
        links.join(marks, sellers, capped=True)
    numbers: dict[int, int] = {}
    groups = np.array(
        [numbers.setdefault(links.root(seller), len(numbers)) for seller in sellers.tolist()], dtype=np.int64
    )
    return groups, lineage.within(groups)


def _sellers(lineage: Lineage) -> NDArray[np.int64]:
    """A number a row: its seller's, or for a row without one its wording's."""
    sellers = lineage.wording.codes + len(lineage.seller.keys)
    sellers[lineage.seller.owners] = lineage.seller.codes
    return np.unique(sellers, return_inverse=True)[1].astype(np.int64)


class _Links:
    """A forest over sellers, each tree with the number of its rows."""

    def __init__(self, rows: NDArray[np.int64], most: int) -> None:
        self._parent = list(range(len(rows)))
        self._rows = rows.tolist()
        self._most = most

    def root(self, one: int) -> int:
        """The seller that stands for all that are linked to this one."""
        while self._parent[one] != one:
            self._parent[one] = self._parent[self._parent[one]]
            one = self._parent[one]
        return one

    def join(self, marks: Marks, sellers: NDArray[np.int64], *, capped: bool) -> None:
        """Link the sellers that share a mark, the marks of the fewest sellers first."""
        pairs = np.unique(np.column_stack([marks.codes, sellers[marks.owners]]), axis=0)
        ends = np.cumsum(np.bincount(pairs[:, 0], minlength=len(marks.keys)))
        sizes = np.diff(ends, prepend=0)
        # Among marks of as many sellers the hash decides: an order that is no seller's and no row's.
        for mark in np.argsort(sizes, kind="stable").tolist():
            if not 1 < sizes[mark] <= HUB:
                continue
            roots = sorted({self.root(seller) for seller in pairs[ends[mark] - sizes[mark] : ends[mark], 1].tolist()})
            rows = sum(self._rows[root] for root in roots)
            if capped and rows > self._most:
                continue
            for root in roots[1:]:
                self._parent[root] = roots[0]
            self._rows[roots[0]] = rows
