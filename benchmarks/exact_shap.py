"""Shapley values of boosted trees by their definition: every subset of a path's features, not the product's own way to them.

v(S) of a tree is its expected value where the features of S are known and the others follow the training rows' shares at each
split (path-dependent TreeSHAP). A leaf is a product over its path's features, so its values can be enumerated exactly.
"""

from collections.abc import Iterator
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

Path = dict[int, tuple[np.ndarray, float]]  # feature -> (whether each row follows the path, share of training rows that do)


def exact_contributions(booster: Any, X: np.ndarray) -> np.ndarray:
    """Contribution of every column and, last, the expected value: shape (n, columns + 1)."""
    found = np.zeros((len(X), X.shape[1] + 1))
    values = X.astype(np.float64)
    for tree in booster.dump_model()["tree_info"]:
        for value, path in _leaves(tree["tree_structure"], values, {}):
            _add(found, value, path)
    return found


def _leaves(node: dict[str, Any], X: np.ndarray, path: Path) -> Iterator[tuple[float, Path]]:
    if "leaf_value" in node:
        yield node["leaf_value"], path
        return
    left = _goes_left(node, X[:, node["split_feature"]])
    for child, follows in (("left_child", left), ("right_child", ~left)):
        share = _rows(node[child]) / _rows(node)
        before = path.get(node["split_feature"], (np.ones(len(X), dtype=bool), 1.0))
        yield from _leaves(node[child], X, path | {node["split_feature"]: (before[0] & follows, before[1] * share)})


def _rows(node: dict[str, Any]) -> float:
    return float(node.get("internal_count", node.get("leaf_count", 0)))


def _goes_left(node: dict[str, Any], x: np.ndarray) -> np.ndarray:
    missing = np.isnan(x)
    if node["decision_type"] == "==":
        levels = [int(level) for level in node["threshold"].split("||")]
        return ~missing & np.isin(np.where(missing, -1, x).astype(int), levels)
    if node["missing_type"] == "NaN":
        return np.where(missing, node["default_left"], x <= node["threshold"]).astype(bool)
    return np.asarray(np.nan_to_num(x) <= node["threshold"])


def _add(found: np.ndarray, value: float, path: Path) -> None:
    features = list(path)
    count = len(features)
    found[:, -1] += value * np.prod([share for _, share in path.values()])
    for feature in features:
        others = [name for name in features if name != feature]
        total = np.zeros(len(found))
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for known in combinations(others, size):
                term = np.full(len(found), weight)
                for name in others:
                    term = term * (path[name][0] if name in known else path[name][1])
                total += term
        found[:, feature] += value * (path[feature][0] - path[feature][1]) * total
