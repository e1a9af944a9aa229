"""The second step: where an account stands among its peers on the same day.

Everything here needs all accounts of an as_of at once: it is done on the whole matrix, before accounts are split in parts.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.params import PeerParams
from features.signal import AmongPeers, Signal


def first_step(catalogue: Sequence[Signal]) -> list[Signal]:
    """The signals that are made from rows, account by account; those that others are held against included."""
    held = {s.peers.of.name: s.peers.of for s in catalogue if s.peers is not None}
    return list((held | {s.name: s for s in catalogue if s.peers is None}).values())


def second_step(frame: pd.DataFrame, arr: pd.Series, catalogue: Sequence[Signal], params: PeerParams) -> pd.DataFrame:
    """The matrix of the first step, of all accounts alive, with the signals among peers beside it. `arr`: row by row."""
    peers = {s.name: s.peers for s in catalogue if s.peers is not None}
    placed = {name: among_peers(frame[each.of.name], frame["as_of"], arr, each, params) for name, each in peers.items()}
    return frame.assign(**placed)


def among_peers(values: pd.Series, as_of: pd.Series, arr: pd.Series, peers: AmongPeers, params: PeerParams) -> pd.Series:
    """The second-step value of every row, shape (n,): by `rank` or `beside` the median; NaN where the value itself is.

    Peers are the accounts of the same segment on the same day; with fewer than `at_least` of them known, all accounts of the
    day; with fewer than that in all, missing. An account without a known yearly value is held against all.
    """
    place = {"rank": _share_better, "beside": _beside_median}[peers.how]
    found = pd.Series(np.nan, index=values.index)
    segment = segments(arr, params.segments_from_arr)
    for _, day in values.dropna().groupby(as_of):
        if len(day) < params.at_least:
            continue
        everyone = day.to_numpy()
        for code, some in day.groupby(segment.loc[day.index]):
            own = some.to_numpy()
            alone = code < 0 or len(own) < params.at_least
            found.loc[some.index] = place(own, everyone if alone else own, peers.of.direction)
    return found


def segments(arr: pd.Series, from_arr: tuple[float, ...]) -> pd.Series:
    """The number of the segment by yearly value, 0 for the smallest accounts; -1 where the value is not known."""
    codes = np.searchsorted(np.array(from_arr), arr.fillna(0.0).to_numpy(dtype=np.float64), side="right")
    return pd.Series(np.where(arr.isna(), -1, codes), index=arr.index)


def _share_better(own: np.ndarray, peers: np.ndarray, direction: int) -> np.ndarray:
    """For each own value the share of the other peers who are better off: higher where lower is riskier, else lower."""
    ordered = np.sort(direction * peers)
    better = np.searchsorted(ordered, direction * own, side="left")
    return better / (len(peers) - 1)


def _beside_median(own: np.ndarray, peers: np.ndarray, direction: int) -> np.ndarray:  # noqa: ARG001 - the same either way
    """Of changes: what is left when the median change of the peers is taken out, (1 + own) / (1 + median) - 1."""
    kept = 1.0 + float(np.median(peers))
    return (1.0 + own) / kept - 1.0 if kept > 0 else np.full(len(own), np.nan)
