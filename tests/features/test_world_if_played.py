"""What a choice of plays would have done in the world."""

import numpy as np
import pytest

from features.world.company import found
from features.world.if_played import LATER_MONTHS, if_played
from tests.features.worlds import small


@pytest.fixture(scope="module")
def company():
    return found(800, 24, 11, small(), ("Rivalio",))


@pytest.fixture(scope="module")
def month(company):
    return company.clock.last - 12


@pytest.fixture(scope="module")
def there(company, month):
    begins = company.clock.starts[month]
    return np.flatnonzero((company.accounts.created_day < begins) & (company.fate.churned >= begins))


def test_a_play_that_answers_a_cause_at_work_keeps_accounts_and_one_that_does_not_wakes_them(company, month, there):
    done = if_played(company, there, month, ["value_roi"] * len(there))
    assert done.matched.any()
    assert not done.matched.all()
    assert (done.played[done.matched] <= done.alone[done.matched]).all()
    assert (done.played[~done.matched] >= done.alone[~done.matched]).all()


def test_no_play_and_one_the_world_does_not_know_do_nothing(company, month, there):
    for name in (None, "graceful_exit"):
        done = if_played(company, there, month, [name] * len(there))
        assert (done.played == done.alone).all()
        assert not done.matched.any()


def test_left_alone_means_without_what_the_team_began_later(company, month, there):
    twin = found(800, 24, 11, small(twin={"plays": False}), ("Rivalio",))
    each = company.fate.assigned
    acted = np.isin(there, each.account[each.month < month])
    fresh = there[~acted]
    mine, theirs = (if_played(world, fresh, month, [None] * len(fresh)).alone for world in (company, twin))
    assert np.allclose(mine, theirs, rtol=0, atol=1e-12)
    assert np.isin(fresh, each.account[(each.month >= month) & (each.effect != 0)]).any()


def test_a_choice_too_late_for_the_world_is_refused(company, there):
    with pytest.raises(ValueError, match="months after it"):
        if_played(company, there, company.clock.months - LATER_MONTHS, [None] * len(there))
