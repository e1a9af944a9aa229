"""Boosted trees as tables: a row's answers at a tree's splits, read as one number, are its place in the tree's table.

Small trees are asked much faster so than by walking them, and the same table serves every period whose calendar answers alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from models.periods import Float32s, Floats

if TYPE_CHECKING:
    from lightgbm import Booster

MOST_SPLITS = 8  # a table has 2 ** splits places
ROWS_AT_ONCE = 8_192
Codes = npt.NDArray[np.uint16]
Key = tuple[int, str, tuple[int, ...]]  # column, missing, levels: splits of one key share a coding


@dataclass(frozen=True)
class Coding:
    """A column as small whole numbers, so that every split on it is a comparison with one.

    `cuts`: the thresholds of all splits on the column, rising. `missing`: where a missing value goes (`left`, `right`), or `zero`
    where it counts as 0; `levels`: those that go left at a split by category, whose `cuts` are none.
    """

    column: int
    missing: str
    cuts: tuple[float, ...] = ()
    levels: tuple[int, ...] = ()

    def codes(self, values: Float32s) -> Codes:
        """The number of each value, of any shape: 0 for what goes left everywhere."""
        if self.levels:
            known = ~np.isnan(values)
            return (~(known & np.isin(np.where(known, values, -1).astype(np.int64), self.levels))).astype(np.uint16)
        if self.missing == "zero":
            values = np.nan_to_num(values, nan=0.0)
        found = np.searchsorted(np.array(self.cuts), values.astype(np.float64), side="left")  # a missing value comes last
        return np.where(np.isnan(values), 0, found + 1).astype(np.uint16) if self.missing == "left" else found.astype(np.uint16)

    def bound(self, threshold: float | str) -> int:
        """The largest code that goes left at a split at the threshold (a text at one by category)."""
        return 0 if self.levels else self.cuts.index(float(threshold)) + (1 if self.missing == "left" else 0)


@dataclass(frozen=True)
class Step:
    """One split on the way to a leaf: its number in the tree, whether the way goes left, the share of rows that went there."""

    split: int
    left: bool
    share: float


@dataclass(frozen=True)
class Tree:
    """`splits`: (coding, largest code that goes left), calendar columns last; `columns`: of each split.

    `leaves`: value and way of each; `values`: the leaf's value by place, the bits of which say who went left.
    """

    splits: tuple[tuple[int, int], ...]
    columns: tuple[int, ...]
    leaves: tuple[tuple[float, tuple[Step, ...]], ...]
    values: Floats

    def places(self, codes: Sequence[Codes]) -> npt.NDArray[np.intp]:
        """The place in the table of each row, in the shape of the codes of its splits together; one for all without a split."""
        place = np.zeros((), dtype=np.uint8)
        for bit, (coding, bound) in enumerate(self.splits):
            place = place | ((codes[coding] <= bound).view(np.uint8) << np.uint8(bit))
        return place.astype(np.intp)


@dataclass(frozen=True)
class TreeTables:
    """Several boosters of small trees, whose log-odds are averaged."""

    codings: tuple[Coding, ...]
    boosters: tuple[tuple[Tree, ...], ...]

    @classmethod
    def of(cls, boosters: Sequence["Booster"]) -> "TreeTables | None":
        """The tables of LightGBM's boosters; None when a tree has too many splits for one."""
        dumped = [[tree["tree_structure"] for tree in booster.dump_model()["tree_info"]] for booster in boosters]
        splits = [list(_splits(root)) for roots in dumped for root in roots]
        if max((len(tree) for tree in splits), default=0) > MOST_SPLITS:
            return None
        codings = _codings([split for tree in splits for split in tree])
        made = (tuple(_tree(root, codings) for root in roots) for roots in dumped)
        return cls(tuple(codings.values()), tuple(made))

    def margins(self, still: Float32s, moving: Float32s, rounds: int | None = None) -> Floats:
        """Mean log-odds, shape (k, n), to the bit those of LightGBM; only the first `rounds` trees of each booster when given.

        `still` is (n, columns), `moving` (k, n, more columns): the last ones, k times over.
        """
        found = np.zeros(moving.shape[:2])
        for at in range(0, len(still), ROWS_AT_ONCE):
            some = slice(at, at + ROWS_AT_ONCE)
            codes = self.coded(still[some], moving[:, some])
            for trees in self.boosters:
                one = np.zeros((len(moving), len(still[some])))
                for tree in trees[:rounds]:
                    one += tree.values[tree.places(codes)]  # in the order of the trees: sums hang on it
                found[:, some] += one
        return found / len(self.boosters)

    def coded(self, still: Float32s, moving: Float32s) -> list[Codes]:
        """The codes of every coding: (n,) of a still column, (k, n) of a moving one."""
        columns = still.shape[1]
        return [
            each.codes(still[:, each.column] if each.column < columns else moving[:, :, each.column - columns])
            for each in self.codings
        ]


def _splits(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "split_index" in node:
        yield node
        yield from _splits(node["left_child"])
        yield from _splits(node["right_child"])


def _key(node: dict[str, Any]) -> Key:
    if node["decision_type"] == "==":
        return node["split_feature"], "right", tuple(sorted(int(level) for level in node["threshold"].split("||")))
    side = "left" if node["default_left"] else "right"
    return node["split_feature"], side if node["missing_type"] == "NaN" else "zero", ()


def _codings(splits: Sequence[dict[str, Any]]) -> dict[Key, Coding]:
    cuts: dict[Key, set[float]] = {}
    for node in splits:
        cuts.setdefault(_key(node), set()).update(() if _key(node)[2] else (float(node["threshold"]),))
    return {key: Coding(key[0], key[1], tuple(sorted(cuts[key])), key[2]) for key in sorted(cuts)}


def _tree(root: dict[str, Any], codings: dict[Key, Coding]) -> Tree:
    nodes = sorted(_splits(root), key=lambda node: (node["split_feature"], node["split_index"]))
    number = {key: index for index, key in enumerate(codings)}
    leaves = tuple(_leaves(root, (), {node["split_index"]: bit for bit, node in enumerate(nodes)}))
    places = np.arange(2 ** len(nodes))
    values = np.empty(len(places))
    for value, way in leaves:
        values[reached(places, way)] = value
    splits = tuple((number[_key(node)], codings[_key(node)].bound(node["threshold"])) for node in nodes)
    return Tree(splits, tuple(node["split_feature"] for node in nodes), leaves, values)


def reached(places: npt.NDArray[np.int64], way: Sequence[Step]) -> npt.NDArray[np.bool_]:
    """Which places of a table follow all these steps."""
    found = np.ones(len(places), dtype=bool)
    for step in way:
        found &= ((places >> step.split) & 1 == 1) == step.left
    return found


def _leaves(node: dict[str, Any], way: tuple[Step, ...], place: dict[int, int]) -> Iterator[tuple[float, tuple[Step, ...]]]:
    if "split_index" not in node:
        yield float(node["leaf_value"]), way
        return
    for name in ("left_child", "right_child"):
        step = Step(place[node["split_index"]], name == "left_child", _rows(node[name]) / _rows(node))
        yield from _leaves(node[name], (*way, step), place)


def _rows(node: dict[str, Any]) -> float:
    return float(node["internal_count"] if "split_index" in node else node["leaf_count"])
