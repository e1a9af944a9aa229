"""The part of a model card about what else may happen than leaving at a decision."""

from serving.card import CardFacts
from serving.web.card_cells import Shown, number, with_interval
from serving.web.words import Words


def second_table(facts: CardFacts, words: Words) -> Shown | None:
    """The outcomes besides churn, a line each; None where none could be tested."""
    if not facts.second:
        return None
    names = ("auc", "observed_expected", "skill")
    lines = tuple(
        (
            (words.say(f"card.second_{each.outcome}"), ""),
            (number(each.accounts, words), ""),
            *(with_interval(getattr(each, name), name, words, "") for name in names),
        )
        for each in facts.second
    )
    caption = words.say("card.second_caption", days=facts.second[0].horizon_days)
    columns = (
        "card.second_outcome",
        "card.second_accounts",
        "card.metric_auc",
        "card.metric_observed_expected",
        "card.second_skill",
    )
    return Shown(caption, tuple(words.say(name) for name in columns), lines)


def second_notes(facts: CardFacts, words: Words) -> tuple[str, ...]:
    """How the figures are to be read, and where signals say nothing."""
    by_name = {each.outcome: each for each in facts.second}
    less = by_name.get("contracted")
    if less is None:
        return (words.say("card.second_none"),)
    return () if less.signals else (words.say("card.second_calendar"),)
