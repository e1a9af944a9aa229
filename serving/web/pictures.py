"""The figures of one account, with their words."""

import math
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from serving.figures.curve import Mark, Point, horizon_curve
from serving.figures.past import Score, history_line
from serving.figures.waterfall import Labels, Push, waterfall
from serving.store.records import Account
from serving.web import numerals
from serving.web.driver_part import DriverPart, factor
from serving.web.words import Words


def drivers_picture(account: Account, main: Sequence[DriverPart], smaller: Sequence[DriverPart], words: Words) -> str | None:
    """The waterfall of the drivers, the smaller ones as one bar; None for an account without explanation."""
    if account.base is None or account.margin is None or not (main or smaller):
        return None
    percent = partial(numerals.percent, language=words.language)
    rest = sum(part.push for part in smaller)
    pushes = [Push(part.title, part.push, factor(part.push, words)) for part in main]
    if smaller:
        pushes.append(Push(words.count("drivers.others", len(smaller)), rest, factor(rest, words)))
    description = words.say("figures.waterfall", base=_percent_of(account.base, words), total=_percent_of(account.margin, words))
    labels = Labels(words.say("drivers.base"), words.say("drivers.total"), description)
    return waterfall(account.base, pushes, labels, percent)


def horizons_picture(account: Account, words: Words) -> str | None:
    """The probability by horizon; None for an account that was not scored."""
    if not account.horizons:
        return None
    points = [
        Point(
            days=horizon.days,
            probability=horizon.probability,
            said=numerals.percent(horizon.probability, words.language),
            below=(
                words.say("figures.days", days=horizon.days),
                numerals.day_and_month(account.as_of + timedelta(days=horizon.days), words.language),
            ),
            decisive=horizon.days == account.horizon_days,
        )
        for horizon in account.horizons
    ]
    told = ", ".join(words.say("figures.curve_point", days=point.days, percent=point.said) for point in points)
    mark = None
    if account.renews_at is not None:
        mark = Mark((account.renews_at - account.as_of).days, words.say("account.renewal_mark"))
    description = words.say("figures.curve", points=told)
    return horizon_curve(points, mark, description=description)


def history_picture(account: Account, words: Words) -> str | None:
    """How the probability moved; None for an account with fewer than two scores."""
    scores = [
        Score(
            day=point.as_of,
            probability=point.probability,
            band=point.risk_band or "none",
            said=numerals.percent(point.probability, words.language),
            day_said=numerals.short_date(point.as_of, words.language),
        )
        for point in account.history
        if point.probability is not None
    ]
    if len(scores) < 2:
        return None
    first, last = scores[0], scores[-1]
    description = words.say("figures.history", first=first.said, start=first.day_said, last=last.said, end=last.day_said)
    return history_line(scores, description=description)


def _percent_of(log_odds: float, words: Words) -> str:
    return numerals.percent(1 / (1 + math.exp(-log_odds)), words.language)
