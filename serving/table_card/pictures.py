"""The figures of a table's card, drawn with those of the pages; none where there is nothing to draw."""

from functools import partial

from markupsafe import Markup

from serving.figures.curve import ceiling
from serving.figures.plot import Axis, Dot, Line, Upright, plot
from serving.figures.swarm import Labels, Row, swarm
from serving.table_card.facts import TableFacts
from serving.table_card.words import TableWords
from serving.web import numerals
from serving.web.card_page import Picture
from serving.web.card_pictures import LARGEST, TICKS, wilson

SMALLEST = 3.0
LONGEST = 44  # letters of a name that fit the width


def of_test(facts: TableFacts, words: TableWords) -> tuple[Picture, ...]:
    """Whether the probabilities are right, and how many are found by working on how many; or that nothing could be tested."""
    drawn = (("reliability", _reliability(facts, words)), ("gains", _gains(facts, words)))
    there = tuple(_picture(name, svg, words) for name, svg in drawn if svg)
    return there or (Picture(words.say("card.reliability_title"), Markup(), words.say("table_card.untested")),)


def of_columns(facts: TableFacts, words: TableWords) -> tuple[Picture, ...]:
    """What each of the strongest columns adds to the log-odds of some rows."""
    if not facts.swarm:
        return ()
    labels = Labels(
        axis=words.say("card.axis_push"),
        low=words.say("card.value_low"),
        high=words.say("card.value_high"),
        unknown=words.say("card.value_unknown"),
        description=words.say("card.swarm_said", signals=", ".join(each.signal for each in facts.swarm[:3])),
        number=partial(numerals.change, language=words.language),
    )
    return (_picture("swarm", swarm([Row(_short(each.signal), each.dots) for each in facts.swarm], labels), words),)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _reliability(facts: TableFacts, words: TableWords) -> str:
    """A bin a dot, with the 95 % interval of its share; empty without bins."""
    if not facts.bins:
        return ""
    most, dots = max(each.rows for each in facts.bins), []
    for each in facts.bins:
        size = SMALLEST + (LARGEST - SMALLEST) * each.rows / most
        dots.append(Dot(each.predicted, each.observed, *wilson(each), size))
    end = ceiling([max(dot.x, dot.high) for dot in dots])
    x, y = (_shares(words.say(f"card.axis_{name}"), end, words) for name in ("predicted", "observed"))
    predicted, observed = (numerals.percent(each, words.language) for each in (facts.bins[-1].predicted, facts.bins[-1].observed))
    said = words.say("card.reliability_said", predicted=predicted, observed=observed)
    return plot((), x, y, description=said, dots=dots, same=words.say("card.exactly_right"))


def _gains(facts: TableFacts, words: TableWords) -> str:
    """A line a ranking; empty where nobody left."""
    if not facts.gains:
        return ""
    x, y = (_shares(words.say(f"card.axis_{name}"), 1.0, words) for name in ("worked", "found"))
    nearest = min(facts.gains[0].points, key=lambda point: abs(point[0] - facts.capacity_share))
    worked, found = (numerals.percent(each, words.language) for each in nearest)
    lines = [Line(words.say(f"card.ranking_{each.ranking}"), f"c{n}", each.points) for n, each in enumerate(facts.gains)]
    return plot(
        lines,
        x,
        y,
        description=words.say("card.gains_said", worked=worked, found=found),
        upright=Upright(facts.capacity_share, words.say("card.capacity")),
        same=words.say("card.by_chance"),
    )


def _shares(title: str, end: float, words: TableWords) -> Axis:
    return Axis(title, end, [(end * n / TICKS, numerals.share(end * n / TICKS, words.language)) for n in range(TICKS + 1)])


def _picture(name: str, svg: str, words: TableWords) -> Picture:
    title, read = words.say(f"card.{name}_title"), words.say(f"card.{name}_read")
    return Picture(title, Markup(svg), read)  # noqa: S704 - escaped in figures.svg
