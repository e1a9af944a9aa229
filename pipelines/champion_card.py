"""The card of the model in service, for the pages: read from its run, once a version."""

from functools import cache

from pipelines.home import Home
from serving.card import FILE, CardFacts, CardPort, read


def champion_card(home: Home) -> CardPort:
    """A port that hands the champion's card; None without a champion, or when its run has no card (it is older than cards)."""

    @cache
    def of_version(version: str) -> CardFacts | None:
        from pipelines import tracking

        file = tracking.champion_file(home, version, FILE)
        return None if file is None else read(file)

    def newest() -> CardFacts | None:
        from pipelines import tracking

        version = tracking.champion_version(home)
        return None if version is None else of_version(version)

    return newest
