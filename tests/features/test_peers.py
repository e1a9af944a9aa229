"""The second step: places among peers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.catalogue import catalogue
from features.params import PeerParams
from features.peers import among_peers, segments
from features.signal import AmongPeers

SIGNALS = {signal.name: signal for signal in catalogue()}
USE, SILENCE = SIGNALS["events_28d"], SIGNALS["days_since_message"]  # riskier when lower; when higher
PARAMS = PeerParams(segments_from_arr=(10, 100), at_least=3)


def placed(values, how="rank", of=USE, arr=None, days=None, params=PARAMS):
    days = pd.Series(days or ["2025-01-01"] * len(values))
    arr = pd.Series(arr or [1.0] * len(values), dtype=float)
    found = among_peers(pd.Series(values, dtype=float), pd.to_datetime(days), arr, AmongPeers(of, how), params)
    return [None if np.isnan(value) else value for value in found]


def test_the_rank_is_the_share_of_the_others_that_are_better_off():
    assert placed([10, 20, 30, 40, 50]) == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert placed([10, 20, 30, 40, 50], of=SILENCE) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_equals_are_not_better_off():
    assert placed([0, 0, 0, 0, 8]) == [0.25, 0.25, 0.25, 0.25, 0.0]
    assert placed([7, 7, 7]) == [0.0, 0.0, 0.0]


def test_a_missing_value_has_no_place_and_takes_none():
    assert placed([10, None, 20, 30]) == [1.0, None, 0.5, 0.0]


def test_peers_are_those_of_the_segment():
    assert placed([1, 2, 3, 10, 20, 30], arr=[1, 1, 1, 50, 50, 50]) == [1.0, 0.5, 0.0, 1.0, 0.5, 0.0]


def test_a_segment_that_is_too_small_is_held_against_all():
    assert placed([10, 20, 30, 15, 16], arr=[1, 1, 1, 50, 50]) == [1.0, 0.5, 0.0, 0.75, 0.5]


def test_an_account_whose_value_is_not_known_is_held_against_all():
    assert placed([10, 20, 30, 15], arr=[1, 1, 1, np.nan]) == [1.0, 0.5, 0.0, 2 / 3]


def test_too_few_in_all_have_no_places():
    assert placed([10, 20, None]) == [None, None, None]
    assert placed([]) == []


def test_each_day_is_a_population_of_its_own():
    days = ["2025-01-01", "2025-02-01"] * 3
    assert placed([1, 10, 2, 20, 3, 30], days=days) == [1.0, 1.0, 0.5, 0.5, 0.0, 0.0]


def test_an_outage_of_ours_is_nobodys_decline():
    everybody = [-0.5, -0.5, -0.5, -0.75]
    assert placed(everybody, "beside", SIGNALS["usage_change_28d"]) == [0.0, 0.0, 0.0, -0.5]


def test_where_the_peers_stopped_altogether_nothing_can_be_said():
    assert placed([-1.0, -1.0, -1.0, 0.0], "beside", SIGNALS["usage_change_28d"]) == [None] * 4


def test_a_segment_begins_at_its_amount():
    assert segments(pd.Series([9.99, 10.0, 99.0, 100.0, np.nan]), (10, 100)).tolist() == [0, 1, 1, 2, -1]


def test_segments_must_rise():
    with pytest.raises(ValueError, match="the amounts must rise"):
        PeerParams(segments_from_arr=(100, 10), at_least=3)


@pytest.mark.parametrize("signal", [s for s in catalogue() if s.peers], ids=lambda s: s.name)
def test_a_signal_among_peers_is_that_signal_but_for_its_place(signal):
    of = signal.peers.of
    assert SIGNALS[of.name] == of
    kept = {
        name: getattr(of, name) for name in ("family", "view", "window_days", "needs_days", "tells", "evidence", "evidence_at")
    }
    assert replace(signal, **kept) == signal
    assert of.direction != 0
