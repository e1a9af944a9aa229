"""Shapley values of small boosted trees, worked out once for every place of a tree's table, then only looked up.

Path-dependent TreeSHAP (Lundberg et al. 2020): a leaf is worth its value times, for each column on its way, 1 or 0 where the
column is known (the row goes there or not), and the share of training rows that went there where it is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from models.periods import Float32s, Floats
from models.tree_tables import ROWS_AT_ONCE, Step, Tree, TreeTables, reached


@dataclass(frozen=True)
class PushTables:
    """What each group of columns adds to the log-odds, by tree and place: `pushes` holds (group, table) pairs of every tree."""

    tables: TreeTables
    pushes: tuple[tuple[tuple[tuple[int, Floats], ...], ...], ...]
    groups: int
    expected: float

    @classmethod
    def of(cls, tables: TreeTables, group: Sequence[int]) -> "PushTables":
        """`group`: the number of each column's group, from 0."""
        made = tuple(tuple(_pushes(tree, group) for tree in trees) for trees in tables.boosters)
        usual = [sum(_expected(tree) for tree in trees) for trees in tables.boosters]
        return cls(tables, made, max(group) + 1, sum(usual) / len(usual))

    def __call__(self, still: Float32s, moving: Float32s) -> Floats:
        """Mean pushes, shape (n, groups); with `expected` they sum to the margin.

        `still` is (n, columns), `moving` (n, more columns).
        """
        found = np.zeros((self.groups, len(still)))
        for at in range(0, len(still), ROWS_AT_ONCE):
            some = slice(at, at + ROWS_AT_ONCE)
            codes = [each.reshape(-1) for each in self.tables.coded(still[some], moving[None, some])]
            for trees, pushes in zip(self.tables.boosters, self.pushes, strict=True):
                for tree, tables in zip(trees, pushes, strict=True):
                    places = tree.places(codes)
                    for group, table in tables:
                        found[group, some] += table[places]
        return np.ascontiguousarray(found.T) / len(self.tables.boosters)


def _pushes(tree: Tree, group: Sequence[int]) -> tuple[tuple[int, Floats], ...]:
    places = np.arange(len(tree.values))
    found: dict[int, Floats] = {}
    for value, way in tree.leaves:
        columns = sorted({tree.columns[step.split] for step in way})
        ways = [[step for step in way if tree.columns[step.split] == column] for column in columns]
        goes = [reached(places, steps).astype(np.float64) for steps in ways]
        shares = [_share(steps) for steps in ways]
        for number, column in enumerate(columns):
            others = [index for index in range(len(columns)) if index != number]
            weight = _weight([goes[index] for index in others], [shares[index] for index in others], len(places))
            table = found.setdefault(group[column], np.zeros(len(places)))
            table += value * (goes[number] - shares[number]) * weight
    return tuple(sorted(found.items(), key=lambda item: item[0]))


def _weight(goes: list[Floats], shares: list[float], places: int) -> Floats:
    """The mean over all orders of columns of what the others' known and unknown parts multiply to, shape (places,)."""
    by_size = [np.ones(places)]
    for follows, share in zip(goes, shares, strict=True):
        unknown, known = [each * share for each in by_size], [each * follows for each in by_size]
        by_size = [unknown[0], *(a + b for a, b in zip(unknown[1:], known[:-1], strict=True)), known[-1]]
    count = len(goes) + 1
    weights = [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    return np.asarray(sum(weight * each for weight, each in zip(weights, by_size, strict=True)), dtype=np.float64)


def _share(steps: Sequence[Step]) -> float:
    return float(np.prod([step.share for step in steps]))


def _expected(tree: Tree) -> float:
    return sum(value * _share(way) for value, way in tree.leaves)
