"""The figures of the model card, with their words; None where there is nothing to draw."""

from collections.abc import Sequence
from functools import partial

from serving.card import Bin, CardFacts, Curve, Swarm
from serving.figures import heat as heat_figure
from serving.figures.curve import ceiling
from serving.figures.plot import Axis, Dot, Line, Upright, plot
from serving.figures.swarm import Labels, Row, swarm
from serving.web import numerals
from serving.web.driver_part import family_title
from serving.web.words import Words

NORMAL_95 = 1.96
TICKS = 5
SMALLEST, LARGEST = 3.0, 9.0


def reliability(bins: Sequence[Bin], words: Words, **filled: object) -> str | None:
    """Share that left beside the probability given, a bin a dot with its 95 % interval (Wilson); `filled`: in the axes' words."""
    if not bins:
        return None
    dots, most = [], max(each.rows for each in bins)
    for each in bins:
        low, high = wilson(each)
        dots.append(Dot(each.predicted, each.observed, low, high, SMALLEST + (LARGEST - SMALLEST) * each.rows / most))
    end = ceiling([max(dot.x, dot.high) for dot in dots])
    x = _shares(words.say("card.axis_predicted", **filled), end, words)
    y = _shares(words.say("card.axis_observed", **filled), end, words)
    ends = [numerals.percent(each, words.language) for each in (bins[-1].predicted, bins[-1].observed)]
    said = words.say("card.reliability_said", predicted=ends[0], observed=ends[1])
    return plot((), x, y, description=said, dots=dots, same=words.say("card.exactly_right"))


def wilson(found: Bin) -> tuple[float, float]:
    """The 95 % interval of the share that left (Wilson 1927), of independent rows."""
    n, z = found.rows, NORMAL_95
    middle = (found.observed + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (found.observed * (1 - found.observed) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def gains(curves: Sequence[Curve], capacity_share: float, words: Words) -> str | None:
    """Share of those who left that is found among so many, riskiest first, a line a ranking."""
    if not curves:
        return None
    x, y = _shares(words.say("card.axis_worked"), 1.0, words), _shares(words.say("card.axis_found"), 1.0, words)
    mark = Upright(capacity_share, words.say("card.capacity"))
    percent = partial(numerals.percent, language=words.language)
    found = min(curves[0].points, key=lambda point: abs(point[0] - capacity_share))
    said = words.say("card.gains_said", worked=percent(found[0]), found=percent(found[1]))
    return plot(_lines(curves, words), x, y, description=said, upright=mark, same=words.say("card.by_chance"))


def alerted(facts: CardFacts, words: Words) -> str | None:
    """Share of the revenue that left that had an alert at least so many days before the decision."""
    if not facts.alerted:
        return None
    last = max(point[0] for curve in facts.alerted for point in curve.points)
    end = max(last, 1.0)
    days = [day for day in (0, 30, 60, 90, 120, 150, 180) if day <= end]
    x = Axis(words.say("card.axis_ahead"), end, [(day, str(day)) for day in days])
    y = _shares(words.say("card.axis_alerted"), 1.0, words)
    points = ", ".join(
        words.say("card.alerted_point", days=f"{day:g}", share=numerals.percent(share, words.language))
        for day, share in facts.alerted[0].points
    )
    return plot(_lines(facts.alerted, words), x, y, description=words.say("card.alerted_said", points=points))


def beeswarm(rows: Sequence[Row], words: Words) -> str | None:
    """What each of the strongest signals adds to the log-odds of some accounts, a row a signal."""
    if not rows:
        return None
    labels = Labels(
        axis=words.say("card.axis_push"),
        low=words.say("card.value_low"),
        high=words.say("card.value_high"),
        unknown=words.say("card.value_unknown"),
        description=words.say("card.swarm_said", signals=", ".join(row.name for row in rows[:3])),
        number=partial(numerals.change, language=words.language),
    )
    return swarm(rows, labels)


def families(facts: CardFacts, words: Words, order: Sequence[str]) -> str | None:
    """By month, of the accounts within capacity, the share that each family pushes most; families that never do are left out."""
    there = [name for name in order if any(month.shares.get(name) for month in facts.families)]
    if not there:
        return None
    there.sort(key=lambda name: -sum(month.shares.get(name, 0.0) for month in facts.families))
    rows = [
        heat_figure.Row(
            family_title(name, words),
            [(share, _whole(share)) for share in (month.shares.get(name, 0.0) for month in facts.families)],
        )
        for name in there
    ]
    columns = [numerals.month(month.day, words.language) for month in facts.families]
    said = words.say("card.families_said", family=family_title(there[0], words))
    return heat_figure.heat(rows, columns, words.say("card.axis_families"), description=said)


def signal_rows(swarm: Sequence[Swarm], words: Words) -> list[Row]:
    """Each signal behind the name of its family; the calendar's have none."""
    names = [
        f"{family_title(each.family, words)} · {each.signal}" if each.family else words.say("card.calendar") for each in swarm
    ]
    return [Row(name, each.dots) for name, each in zip(names, swarm, strict=True)]


def _lines(curves: Sequence[Curve], words: Words) -> list[Line]:
    return [
        Line(words.say(f"card.ranking_{curve.ranking}"), f"c{number}", curve.points, curve.low, curve.high)
        for number, curve in enumerate(curves)
    ]


def _shares(title: str, end: float, words: Words) -> Axis:
    steps = [end * number / TICKS for number in range(TICKS + 1)]
    return Axis(title, end, [(step, numerals.share(step, words.language)) for step in steps])


def _whole(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.005 else ""
