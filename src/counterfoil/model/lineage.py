"""Where rows come from: sellers, contacts, images and titles as hashes, by which rows seen later are known again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterfoil.history.views import About
from counterfoil.model.marks import Marks, Rows, contacts_of, hashed, images_of, seller_of
from counterfoil.model.titles import families, table, words_of
from counterfoil.model.trained_on import TrainedOn

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True)
class Lineage:
    """The marks of each row: `wording` names the words of its title, `family` all titles that are near it.

    `words` are the titles of `wording.keys`, as `titles.table` tells them.
    """

    seller: Marks
    contact: Marks
    image: Marks
    wording: Marks
    family: Marks
    words: csr_matrix

    @classmethod
    def of(cls, about: Sequence[About]) -> Lineage:
        """The marks of some rows; two titles are near where they share four fifths of their words."""
        titles = [words_of(one.listing.title) for one in about]
        names = {title: hashed(" ".join(sorted(title))) for title in set(titles)}
        wording = Marks.of([[names[title]] for title in titles])
        words = table(sorted(names, key=names.__getitem__))
        family = families(words)
        # A family is named by the least of its wordings, so that its name does not hang on the order of rows.
        first = np.full(len(family), len(family))
        np.minimum.at(first, family, np.arange(len(family)))
        return cls(
            seller=Marks.of([seller_of(one) for one in about]),
            contact=Marks.of([contacts_of(one) for one in about]),
            image=Marks.of([images_of(one) for one in about]),
            wording=wording,
            family=replace(wording, codes=first[family][wording.codes]),
            words=words,
        )

    def __len__(self) -> int:
        return len(self.seller)

    def rows(self, index: Rows) -> Lineage:
        """The marks of some of the rows."""
        return self._each(lambda marks: marks.subset(index))

    def within(self, groups: Rows) -> Lineage:
        """Without the marks that rows of several groups have: those that too many share to link anybody."""
        return self._each(lambda marks: marks.without(marks.parted(groups)))

    def _each(self, change: Callable[[Marks], Marks]) -> Lineage:
        return replace(
            self,
            seller=change(self.seller),
            contact=change(self.contact),
            image=change(self.image),
            wording=change(self.wording),
            family=change(self.family),
        )

    def summary(self) -> TrainedOn:
        """The distinct marks of all rows, for the bundle that is trained on them."""
        told = np.unique(self.wording.codes)
        near = np.zeros(len(self.wording.keys), dtype=np.bool_)
        near[self.wording.subset(np.unique(self.family.owners)).codes] = True
        return TrainedOn(
            seller=self.seller.present(),
            contact=self.contact.present(),
            image=self.image.present(),
            words=self.words[told],
            near=near[told],
        )
