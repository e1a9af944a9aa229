"""Numbers that say how good probabilities are. Inputs: outcomes 0/1 and scores or probabilities, shape (n,)."""

import numpy as np

from models.periods import Floats, Ints

TINY = 1e-12
COHORTS = 10


def auc(events: Floats, score: Floats) -> float:
    """Area under the ROC curve, ties counted half; NaN with one class only."""
    return float(Ranking(score).auc(events, np.ones((1, len(events))))[0])


def average_precision(events: Floats, score: Floats) -> float:
    """Average precision; NaN without events."""
    return float(Ranking(score).average_precision(events, np.ones((1, len(events))))[0])


def log_losses(events: Floats, probability: Floats) -> Floats:
    """The log-loss of each row."""
    p = np.clip(probability, TINY, 1 - TINY)
    return np.asarray(-(events * np.log(p) + (1 - events) * np.log1p(-p)), dtype=np.float64)


def calibration_error(events: Floats, probability: Floats, bins: int) -> float:
    """Mean gap between predicted and observed over bins of equal size, weighted by size; NaN without rows."""
    if len(events) == 0:
        return float("nan")
    return float(_calibration_errors(events[None, :], probability, bins)[0])


def calibration_error_by_chance(probability: Floats, bins: int, draws: int, seed: int) -> float:
    """The 95th percentile of the calibration error that probabilities would show if every one of them were exactly right."""
    if len(probability) == 0:
        return float("nan")
    rng = np.random.default_rng(seed)
    events = (rng.random((draws, len(probability))) < probability).astype(np.float64)
    return float(np.quantile(_calibration_errors(events, probability, bins), 0.95))


def bin_edges(count: int, bins: int) -> Ints:
    """First positions of at most `bins` bins of (almost) equal size."""
    return np.unique(np.linspace(0, count, min(bins, count) + 1).astype(np.int64)[:-1])


def top_share(score: Floats, tie_break: Floats, groups: Ints, share: float) -> Floats:
    """1 for the rows in the top `share` (rounded up) of their group by score, ties by `tie_break`; else 0."""
    order = np.lexsort((-tie_break, -score, groups))
    _, first, count = np.unique(groups[order], return_index=True, return_counts=True)
    rank = np.arange(len(score)) - np.repeat(first, count)
    chosen = np.zeros(len(score))
    chosen[order] = rank < np.repeat(np.ceil(count * share), count)
    return chosen


class Ranking:
    """Scores sorted once, then measured under many sets of row weights at a time."""

    def __init__(self, score: Floats) -> None:
        self.order = np.argsort(-score, kind="stable")
        ordered = score[self.order]
        self.starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(score) else np.zeros(0, int)

    def auc(self, events: Floats, weight: Floats) -> Floats:
        """Weighted AUC for each row of `weight`, shape (draws, n) -> (draws,)."""
        return _auc(*self._ties(events, weight))

    def average_precision(self, events: Floats, weight: Floats) -> Floats:
        """Weighted average precision for each row of `weight`."""
        return _average_precision(*self._ties(events, weight))

    def both(self, events: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Weighted AUC and average precision for each row of `weight`, put in order once."""
        ties = self._ties(events, weight)
        return _auc(*ties), _average_precision(*ties)

    def _ties(self, events: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Weights of events and of the others by distinct score, highest first."""
        if len(self.starts) == 0:
            return np.zeros((len(weight), 0)), np.zeros((len(weight), 0))
        sorted_weight = weight[:, self.order]
        positive = sorted_weight * events[self.order]
        if len(self.starts) == len(self.order):
            return positive, sorted_weight - positive
        return (
            np.add.reduceat(positive, self.starts, axis=1),
            np.add.reduceat(sorted_weight - positive, self.starts, axis=1),
        )


def _auc(positive: Floats, negative: Floats) -> Floats:
    above = np.cumsum(positive, axis=1)
    wins = (negative * (above - 0.5 * positive)).sum(axis=1)
    return ratio(wins, positive.sum(axis=1) * negative.sum(axis=1))


def _average_precision(positive: Floats, negative: Floats) -> Floats:
    hits, seen = np.cumsum(positive, axis=1), np.cumsum(positive + negative, axis=1)
    precision = np.divide(hits, seen, out=np.zeros_like(hits), where=seen > 0)
    return ratio((positive * precision).sum(axis=1), positive.sum(axis=1))


class InCohort:
    """AUC that compares accounts of the same calendar risk only: tenths of `cohort`, weighted by their pairs."""

    def __init__(self, score: Floats, cohort: Floats) -> None:
        order = np.argsort(cohort, kind="stable")
        edges = cohort[order][bin_edges(len(order), COHORTS)] if len(order) else np.empty(0)
        place = np.searchsorted(np.unique(edges), cohort, side="right")
        self.parts = [np.flatnonzero(place == number) for number in np.unique(place)]
        self.rankings = [Ranking(score[part]) for part in self.parts]

    def auc(self, events: Floats, weight: Floats) -> Floats:
        """For each row of `weight`, shape (draws, n) -> (draws,)."""
        wins, pairs = np.zeros(len(weight)), np.zeros(len(weight))
        for part, ranking in zip(self.parts, self.rankings, strict=True):
            here, hits = weight[:, part], events[part]
            size = (here @ hits) * (here @ (1 - hits))
            wins += size * np.nan_to_num(ranking.auc(hits, here))
            pairs += size
        return ratio(wins, pairs)


def ratio(over: Floats, under: Floats) -> Floats:
    """Element by element, NaN where the divisor is not above 0."""
    found = np.full(len(over), np.nan)
    np.divide(over, under, out=found, where=under > 0)
    return found


def _calibration_errors(events: Floats, probability: Floats, bins: int) -> Floats:
    """Calibration error of each row of events, shape (draws, n) -> (draws,)."""
    order = np.argsort(probability, kind="stable")
    starts = bin_edges(len(order), bins)
    gap = np.add.reduceat(events[:, order] - probability[order], starts, axis=1)
    return np.asarray(np.abs(gap).sum(axis=1) / len(order), dtype=np.float64)
