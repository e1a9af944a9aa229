"""Who is held out: the same every time, the share asked for in every stratum, kept while the episode lasts."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from serving.learning.arms import Candidate, Episode, assign, lasting

DAY = date(2026, 3, 2)
accounts = st.lists(
    st.tuples(st.uuids().map(str), st.sampled_from(["low", "high", "critical"])),
    min_size=1,
    max_size=60,
    unique_by=lambda each: each[0],
)


def candidates(found, exempt=None):
    return [Candidate(account, "budget", stratum, exempt) for account, stratum in found]


def arms(found, *, share=0.3, seed=1, day=DAY, episodes=None):
    return {
        account: each.arm
        for account, each in assign(candidates(found), episodes or {}, as_of=day, share=share, seed=seed).items()
    }


def everybody(count, stratum="high"):
    return [(f"a{number:05d}", stratum) for number in range(count)]


@given(accounts, st.floats(0, 1), st.integers(0, 1000), st.randoms())
def test_the_same_accounts_fall_into_the_same_arms_in_any_order(found, share, seed, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert arms(shuffled, share=share, seed=seed) == arms(found, share=share, seed=seed)


@given(accounts, st.floats(0, 1), st.integers(0, 1000))
def test_of_every_stratum_the_share_is_held_out_to_within_one_account(found, share, seed):
    held = Counter(dict(found)[account] for account, arm in arms(found, share=share, seed=seed).items() if arm == "holdout")
    for stratum, count in Counter(stratum for _, stratum in found).items():
        assert abs(held[stratum] - share * count) < 1 + 1e-9


@settings(max_examples=30)
@given(st.floats(0.05, 0.5), st.integers(0, 10_000))
def test_accounts_that_come_one_a_day_are_held_out_as_often_as_chance_has_it(share, seed):
    days = [DAY + timedelta(days=number) for number in range(200)]
    held = sum(arms([("a", "high")], share=share, seed=seed, day=day)["a"] == "holdout" for day in days)
    low, high = binom.ppf([1e-6, 1 - 1e-6], len(days), share)
    assert low <= held <= high


def test_every_account_has_the_same_chance():
    found = everybody(7)
    held = Counter(
        account for seed in range(3_000) for account, arm in arms(found, share=0.25, seed=seed).items() if arm == "holdout"
    )
    assert sum(held.values()) / (7 * 3_000) == pytest.approx(0.25, abs=0.005)
    low, high = binom.ppf([1e-5, 1 - 1e-5], 3_000, 0.25)
    assert all(low <= held[account] <= high for account, _ in found)


def test_seed_day_and_play_draw_anew():
    first = arms(everybody(64), share=0.5)
    assert arms(everybody(64), share=0.5, seed=2) != first
    assert arms(everybody(64), share=0.5, day=DAY + timedelta(days=1)) != first


@given(accounts)
def test_without_a_share_nobody_is_held_out(found):
    assert set(arms(found, share=0).values()) == {"treated"}


@given(accounts, st.floats(0, 1), st.integers(0, 1000))
def test_an_episode_keeps_its_arm_whatever_else_changes(found, share, seed):
    episodes = {
        each.account_id: Episode(each.account_id, DAY, "value_roi", "low", 0.1, "holdout") for each in candidates(found[::2])
    }
    later = assign(candidates(found), episodes, as_of=DAY + timedelta(days=9), share=share, seed=seed)
    for account, _ in found[::2]:
        assert later[account].arm == "holdout"
        assert later[account].episode == episodes[account]
    assert all(later[account].episode.began == DAY + timedelta(days=9) for account, _ in found[1::2])


def test_an_exempt_account_is_treated_and_in_no_episode_even_while_one_lasts():
    episodes = {"a": Episode("a", DAY, "budget", "high", 0.1, "holdout")}
    found = assign(candidates([("a", "high"), ("b", "high")], exempt="large"), episodes, as_of=DAY, share=1, seed=1)
    assert [(each.arm, each.episode) for each in found.values()] == [("treated", None)] * 2


def test_an_episode_lasts_as_long_as_its_outcome_is_watched():
    episode = Episode("a", DAY, "budget", "high", 0.1, "holdout")
    assert lasting([episode], DAY + timedelta(days=179), 180) == {"a": episode}
    assert lasting([episode], DAY + timedelta(days=180), 180) == {}


def test_a_missed_day_scored_later_takes_the_arm_of_the_episode_that_follows_it_closely():
    before, after = (Episode("a", DAY + timedelta(days=days), "budget", "high", 0.1, "holdout") for days in (-10, 5))
    assert lasting([after], DAY, 180) == {"a": after}
    assert lasting([after, before], DAY, 180) == {"a": before}
    assert lasting([after], DAY - timedelta(days=175), 180) == {}


@pytest.mark.parametrize("share", [-0.1, 1.2])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match=r"hold-out share is .*; set learning\.holdout_share"):
        arms([("a", "high")], share=share)
