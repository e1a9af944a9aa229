"""The figures of a table's card, drawn as those of the pages; none where there is nothing to draw."""

from markupsafe import Markup

from serving.figures.swarm import Row
from serving.table_card.facts import TableFacts
from serving.table_card.words import TableWords
from serving.web import card_pictures
from serving.web.card_page import Picture, drawn

LONGEST = 44  # letters of a name that fit the width


def of_test(facts: TableFacts, words: TableWords) -> tuple[Picture, ...]:
    """Whether the probabilities are right, and how many are found by working on how many; or that nothing could be tested."""
    there = drawn(
        words,
        reliability=card_pictures.reliability(facts.bins, words),
        gains=card_pictures.gains(facts.gains, facts.capacity_share, words),
    )
    return there or (Picture(words.say("card.reliability_title"), Markup(), words.say("table_card.untested")),)


def of_columns(facts: TableFacts, words: TableWords) -> tuple[Picture, ...]:
    """What each of the strongest columns adds to the log-odds of some rows."""
    rows = [Row(_short(each.signal), each.dots) for each in facts.swarm]
    return drawn(words, swarm=card_pictures.beeswarm(rows, words))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
