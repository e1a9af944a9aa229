"""Days that should have been scored and were not: nobody was there, or something outside did not answer."""

from datetime import date, timedelta

from pipelines.home import Home
from serving.store import Store


def missed_days(home: Home, day: date, *, every_days: int, most: int) -> list[date]:
    """The days before `day`, `every_days` apart, that are newer than the newest published one; the oldest first.

    At most the `most` newest of them; none when nothing was ever published, or something newer than `day` was.
    """
    store = Store(home.store_url)
    try:
        newest = store.latest_as_of()
    finally:
        store.close()
    if newest is None:
        return []
    since = (day - newest).days
    return [day - timedelta(days=back) for back in range(every_days * most, 0, -every_days) if back < since]
