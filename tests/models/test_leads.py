"""One row an account-decision: which look meets it, and what its days are."""

import numpy as np
import pandas as pd
import pytest

from models.fitting import Material
from models.leads import decisions_at, known, parts, probability

UNTIL = pd.Timestamp("2026-01-01")
MIDNIGHTS = pd.date_range("2025-01-01", "2025-12-01", freq="MS").as_unit("us")


def made_of(signal_of, accounts):
    """`accounts`: name -> (end of the term or None, monthly, notice days, day it left or None). Monthly looks of 2025."""
    rows, after = [], []
    for name, (end, monthly, notice, leaves) in accounts.items():
        left = pd.NaT if leaves is None else pd.Timestamp(leaves)
        for as_of in MIDNIGHTS:
            if left <= as_of:
                continue
            days = np.nan if end is None else float((pd.Timestamp(end) - as_of).days)
            rows.append((name, as_of, days, 365.0, float(monthly), 0.0, float(notice), 1.0))
            after.append((name, as_of, left, left + pd.Timedelta(days=1), UNTIL))
    columns = ["account_id", "as_of", "days_to_renewal", "term_days", "monthly_term", "auto_renew", "notice_days", "use"]
    matrix = pd.DataFrame(rows, columns=columns)
    follow_up = pd.DataFrame(after, columns=["account_id", "as_of", "churned_at", "outcome_known_at", "followed_until"])
    times = ["churned_at", "outcome_known_at", "followed_until"]
    follow_up[times] = follow_up[times].astype("datetime64[us]")
    catalogue = (signal_of("use", "usage", 1),)
    return Material.of(matrix, follow_up, catalogue, periods=tuple(range(30, 361, 30)), grace_days=30)


@pytest.fixture
def material(signal_of):
    return lambda accounts: made_of(signal_of, accounts)


def looks(made, found):
    return pd.DatetimeIndex(made.matrix["as_of"].iloc[found.position]).strftime("%m-%d").tolist()


def test_a_decision_is_met_once_by_the_last_look_so_long_before_its_notice(material):
    made = material({"A": ("2025-12-31", False, 30, None)})  # the notice opens it on the 1st of December
    assert looks(made, decisions_at(made, 90)) == ["09-01"]
    assert looks(made, decisions_at(made, 91)) == ["09-01"]
    assert looks(made, decisions_at(made, 92)) == ["08-01"]
    found = decisions_at(made, 90)
    assert (found.start_days.tolist(), found.opens_days.tolist(), found.end_days.tolist()) == ([0], [91], [151])


def test_an_account_that_may_leave_any_month_decides_once_a_look_and_no_day_twice(material):
    made = material({"A": ("2025-01-31", True, 0, None), "B": (None, False, 0, None)})
    found = decisions_at(made, 30)
    assert looks(made, found) == 2 * [day.strftime("%m-%d") for day in MIDNIGHTS]
    begin = made.outcomes.as_of[found.position] + found.start_days * 86_400_000_000
    end = made.outcomes.as_of[found.position] + found.end_days * 86_400_000_000
    assert (begin[1:12] == end[:11]).all()


def test_what_came_of_it_is_told_when_it_is_over_and_known(material):
    made = material(
        {
            "left": ("2025-06-30", False, 30, "2025-06-10"),
            "stayed": ("2025-06-30", False, 30, None),
            "early": ("2025-06-30", False, 30, "2025-03-05"),
        }
    )
    found = decisions_at(made, 90)
    over, left = known(made, found, made.outcomes.as_of.max())
    assert made.matrix["account_id"].iloc[found.position[over]].tolist() == ["left", "stayed", "early"]
    assert left.tolist() == [1, 0, 1]
    assert len(known(made, found, int(pd.Timestamp("2025-06-15").value // 1000))[0]) == 0


def test_whoever_left_before_the_stretch_has_no_decision_in_it(material):
    made = material({"A": ("2025-01-31", True, 0, "2025-04-10")})
    found = decisions_at(made, 30)
    over, left = known(made, found, made.outcomes.as_of.max() + 10**15)
    assert looks(made, found.at(over)) == ["01-01", "02-01", "03-01"]  # the stretch of April's look begins after it left
    assert left.tolist() == [0, 0, 1]


def test_days_are_covered_in_part_and_the_probability_is_of_those_days_alone(material):
    made = material({"A": ("2025-01-31", True, 0, None)})
    found = decisions_at(made, 45).at(np.array([0]))  # days 45 to 76
    covered = parts(made, found)
    assert covered[0, :4].tolist() == pytest.approx([0, 0.5, 16 / 30, 0])
    hazard = 0.2
    margins = np.full(2, np.log(hazard / (1 - hazard)))
    assert probability(margins, covered)[0] == pytest.approx(1 - (1 - hazard) ** (0.5 + 16 / 30))


def test_periods_that_end_before_the_decision_meet_none(material):
    made = material({"A": ("2025-12-31", False, 30, None)})
    assert len(decisions_at(made, 340).position) == 0


def test_one_look_has_no_stretch_and_no_decisions(material, signal_of):
    made = material({"A": ("2025-12-31", True, 30, None)})
    first = made.matrix["as_of"] == MIDNIGHTS[0]
    after = pd.DataFrame({"churned_at": pd.NaT, "outcome_known_at": pd.NaT, "followed_until": UNTIL}, index=[0])
    alone = made.matrix.loc[first].reset_index(drop=True)
    follow_up = pd.concat([alone[["account_id", "as_of"]], after.astype("datetime64[us]")], axis=1)
    one = Material.of(alone, follow_up, (signal_of("use", "usage", 1),), periods=(30, 60), grace_days=30)
    assert len(decisions_at(one, 30).position) == 0
