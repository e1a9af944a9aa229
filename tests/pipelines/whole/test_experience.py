"""What people said of causes reaches the scores of the days after it, and no others."""

from contextlib import closing
from datetime import UTC, date, datetime

from pipelines.hand_over import experience, store
from pipelines.home import Home
from serving.feedback import Said
from tests.serving.conftest import made_up_batch

SAID_AT = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_what_people_confirm_and_deny_shifts_the_prior_from_the_next_day_on(tmp_path, params):
    home = Home(tmp_path / "home")
    with closing(store(home)) as keeper:
        keeper.publish(made_up_batch())
        for account, kind, family in (("A-001", "confirm", "support"), ("A-002", "deny", "sentiment")):
            keeper.add_feedback(keeper.account(account, None), Said(kind=kind, by="ana", family=family), SAID_AT)
    assert experience(home, date(2026, 3, 3), params).prior == {}
    prior = experience(home, date(2026, 3, 4), params).prior
    assert prior["support"] > 0 > prior["sentiment"]
    assert set(prior) == {"support", "sentiment"}
