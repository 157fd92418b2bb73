"""The trees of a bundle taken apart: where they split, and exact contributions of many rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A row's way through a tree is kept as the bits of one int64.
_MOST_SPLITS = 62
_LARGEST = 1e300


@dataclass(frozen=True, slots=True)
class Splits:
    """Where the trees cut one column, ascending, once for each split; `low` and `high` are its range in the training rows."""

    at: NDArray[np.float64]
    low: float
    high: float

    @property
    def spread(self) -> float:
        """A scale to measure changes by: the range of the middle 80 % of the cuts, else of the training rows; never 0."""
        middle = float(np.ptp(np.quantile(self.at, (0.1, 0.9))))
        return middle if middle > 0 else self.high - self.low if self.high > self.low else 1.0

    @property
    def whole(self) -> bool:
        """Whether the column holds whole numbers, told by cuts that lie between two of them."""
        # LightGBM cuts just above 0 for a column of zeros and others, and else half way between two values.
        cuts = np.where(np.abs(self.at) < 1e-30, 0.0, self.at) * 2
        return bool(np.allclose(cuts, np.round(cuts), rtol=0, atol=1e-9) and float(self.low).is_integer())


@dataclass(frozen=True, slots=True)
class _Tree:
    """One tree. An entry is a pair of a leaf and a column that its path asks; entries of a leaf lie side by side.

    `mask` are the splits on the path that ask the column, `want` how they must answer, `share` the part of the training rows
    that they let through. `columns` are those the tree asks, `place` says which of them an entry is about.
    """

    asks: NDArray[np.intp]
    cuts: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    mask: NDArray[np.int64]
    want: NDArray[np.int64]
    share: NDArray[np.float64]
    value: NDArray[np.float64]
    starts: NDArray[np.intp]
    leaf: NDArray[np.intp]
    columns: NDArray[np.intp]
    place: NDArray[np.float64]
    deepest: int

    def ways(self, matrix: NDArray[np.float64]) -> NDArray[np.int64]:
        """How all splits answer for each row, as bits: 1 goes left."""
        asked = matrix[:, self.asks]
        left = np.where(np.isnan(asked), self.missing_left, asked <= self.cuts)
        ways: NDArray[np.int64] = left @ (1 << np.arange(len(self.asks), dtype=np.int64))
        return ways

    def contributions(self, ways: NDArray[np.int64]) -> NDArray[np.float64]:
        """(ways, columns) Shapley values of the tree.

        A leaf gives the column f: value × (o_f - z_f) × Σ over sets S of its other columns of |S|! (d - |S| - 1)! / d! ×
        Π_S o × Π_not S z, where o says whether the row passes and z is the share that does. The weights are the integrals of
        t^|S| (1 - t)^(d - |S| - 1) over [0, 1], so that the sum is the integral of Π_g≠f (z_g + (o_g - z_g) t), a polynomial
        of degree d - 1: a Gauss-Legendre rule of d / 2 nodes is exact. Sources: Lundberg et al., "From local explanations to
        global understanding with explainable AI for trees" (2020) for the values; Yu et al., "Linear TreeSHAP" (2022) for the
        polynomial.
        """
        passes = ((ways ^ self.want) & self.mask) == 0
        total = np.zeros(passes.shape)
        for t, weight in _nodes((self.deepest + 1) // 2):
            shut = self.share * (1 - t)
            factors = np.where(passes, shut + t, shut)
            products = np.multiply.reduceat(factors, self.starts, axis=0) * (self.value * weight)
            total += products[self.leaf] / factors
        total *= passes - self.share
        return total.T @ self.place


@cache
def _nodes(count: int) -> list[tuple[float, float]]:
    """Points and weights of the Gauss-Legendre rule on [0, 1]."""
    points, weights = np.polynomial.legendre.leggauss(count)
    return [((point + 1) / 2, weight / 2) for point, weight in zip(points.tolist(), weights.tolist(), strict=True)]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees that were taken apart from LightGBM's own description of them."""

    trees: tuple[_Tree, ...]
    base: float
    width: int
    splits: Mapping[str, Splits]
    exact: bool
    """Whether `contributions` may be asked; not of trees with categories, linear leaves or more than 62 splits."""

    @classmethod
    def of(cls, model: Mapping[str, Any]) -> Trees:
        """From `Booster.dump_model()`."""
        names: Sequence[str] = model["feature_names"]
        roots = [one["tree_structure"] for one in model["tree_info"]]
        cuts: dict[str, list[float]] = {}
        exact, base, trees = not model.get("average_output", False), 0.0, []
        for root in roots:
            nodes = [node for node in _below(root) if "split_feature" in node]
            exact = exact and len(nodes) <= _MOST_SPLITS and all(map(_plain, _below(root)))
            for node in nodes:
                # A cut at the largest number parts missing values from all others: no value lies beyond it.
                if isinstance(node["threshold"], float | int) and abs(node["threshold"]) < _LARGEST:
                    cuts.setdefault(names[node["split_feature"]], []).append(float(node["threshold"]))
            if exact:
                leaves = [leaf for leaf in _below(root) if "split_feature" not in leaf]
                seen = sum(leaf.get("leaf_count", 0) for leaf in leaves) or 1
                base += sum(leaf["leaf_value"] * leaf.get("leaf_count", 1) / seen for leaf in leaves)
                if nodes:
                    trees.append(_tree(root, nodes))
        ranges = model["feature_infos"]
        splits = {
            name: Splits(np.sort(at), float(ranges[name]["min_value"]), float(ranges[name]["max_value"]))
            for name, at in cuts.items()
        }
        return cls(tuple(trees), base, len(names), splits, exact)

    def contributions(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, columns + 1), as LightGBM's `pred_contrib`: the last is the base value.

        Rows that take the same way through a tree share their values there, which is what makes many rows cheap.
        """
        found = np.zeros((len(matrix), self.width + 1))
        found[:, -1] = self.base
        for tree in self.trees:
            ways, which = np.unique(tree.ways(matrix), return_inverse=True)
            found[:, tree.columns] += tree.contributions(ways)[which]
        return found


def _below(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The node and all below it, the left side first."""
    yield node
    if "split_feature" in node:
        yield from _below(node["left_child"])
        yield from _below(node["right_child"])


def _plain(node: Mapping[str, Any]) -> bool:
    """Whether a node is one that is understood here: a cut of a number, through which rows came, or a constant leaf."""
    if "split_feature" not in node:
        return "leaf_const" not in node and node.get("leaf_count", 1) > 0
    return node["decision_type"] == "<=" and node["missing_type"] in {"None", "NaN"} and node["internal_count"] > 0


def _tree(root: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]]) -> _Tree:
    bit = {node["split_index"]: 1 << number for number, node in enumerate(nodes)}
    columns = sorted({node["split_feature"] for node in nodes})
    mask: list[int] = []
    want: list[int] = []
    share: list[float] = []
    value: list[float] = []
    starts: list[int] = []
    leaf: list[int] = []
    about: list[int] = []

    def walk(node: Mapping[str, Any], path: dict[int, tuple[int, int, float]]) -> None:
        if "split_feature" not in node:
            starts.append(len(mask))
            leaf.extend([len(value)] * len(path))
            value.append(node["leaf_value"])
            about.extend(path)
            for one_mask, one_want, one_share in path.values():
                mask.append(one_mask)
                want.append(one_want)
                share.append(one_share)
            return
        column, flag = node["split_feature"], bit[node["split_index"]]
        masked, wanted, let = path.get(column, (0, 0, 1.0))
        for side in ("left_child", "right_child"):
            child = node[side]
            part = let * _rows(child) / node["internal_count"]
            walk(child, {**path, column: (masked | flag, wanted | (flag if side == "left_child" else 0), part)})

    walk(root, {})
    return _Tree(
        asks=np.array([node["split_feature"] for node in nodes]),
        cuts=np.array([node["threshold"] for node in nodes], dtype=np.float64),
        # Without missing values in the training rows NaN is read as 0.
        missing_left=np.array(
            [node["default_left"] if node["missing_type"] == "NaN" else node["threshold"] >= 0 for node in nodes]
        ),
        mask=np.array(mask, dtype=np.int64)[:, None],
        want=np.array(want, dtype=np.int64)[:, None],
        share=np.array(share)[:, None],
        value=np.array(value)[:, None],
        starts=np.array(starts),
        leaf=np.array(leaf),
        columns=np.array(columns),
        place=(np.array(about)[:, None] == np.array(columns)).astype(np.float64),
        deepest=int(np.bincount(leaf).max()),
    )


def _rows(node: Mapping[str, Any]) -> int:
    return int(node["internal_count"] if "split_feature" in node else node["leaf_count"])
