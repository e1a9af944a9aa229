from datetime import date, timedelta

import pytest

from pipelines.home import Home
from pipelines.missed import missed_days
from serving.store import Store

DAY = date(2026, 7, 15)


@pytest.mark.parametrize(
    ("days_ago", "every", "most", "missed"),
    [
        (None, 1, 14, []),
        (1, 1, 14, []),
        (4, 1, 14, [3, 2, 1]),
        (4, 1, 2, [2, 1]),
        (4, 1, 0, []),
        (7, 7, 14, []),
        (20, 7, 14, [14, 7]),
        (0, 1, 14, []),
        (-3, 1, 14, []),
    ],
    ids=[
        *(
            "nothing was ever published",
            "yesterday was",
            "three days were missed",
            "more than are made good",
            "none is made good",
        ),
        *("a weekly business that missed none", "one that missed two", "the same day again", "a newer day was published"),
    ],
)
def test_missed_days_lie_between_the_newest_published_one_and_the_day(days_ago, every, most, missed, tmp_path, monkeypatch):
    newest = None if days_ago is None else DAY - timedelta(days=days_ago)
    monkeypatch.setattr(Store, "latest_as_of", lambda _: newest)
    found = missed_days(Home(tmp_path), DAY, every_days=every, most=most)
    assert found == [DAY - timedelta(days=back) for back in missed]
