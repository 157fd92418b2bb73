"""Which rows a split may never part: the same seller, linked sellers, the same title family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from counterfoil.history.views import About

# A contact or a title that more sellers than this share (a courier's phone, "Áo thun nam") links nobody.
HUB = 20


def linked_groups(about: Sequence[About]) -> NDArray[np.int64]:
    """A group number a row: rows of one seller, of sellers with a contact in common or of one title family are one group.

    Groups are connected components; a row without a seller stands with its title family.
    """
    parent = list(range(len(about)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    sellers: dict[Hashable, list[int]] = defaultdict(list)
    shared: dict[Hashable, list[int]] = defaultdict(list)
    for i, one in enumerate(about):
        seller = one.subject.seller
        sellers[seller.seller_id if seller is not None else ("row", i)].append(i)
        shared["title", one.keys.wording].append(i)
        for contact in {*(seller.contact_hashes if seller is not None else ()), *(f.hash for f in one.findings)}:
            shared["contact", contact].append(i)
    for rows in sellers.values():
        for i in rows[1:]:
            parent[find(i)] = find(rows[0])
    seller_of = np.array([find(i) for i in range(len(about))])
    for rows in shared.values():
        if 1 < len({int(seller_of[i]) for i in rows}) <= HUB:
            for i in rows[1:]:
                parent[find(i)] = find(rows[0])
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(find(i), len(numbers)) for i in range(len(about))], dtype=np.int64)
