"""What else than leaving at a decision may happen to an account: it renews for less, or leaves in the middle of its term."""

from serving.store.records import Account, SecondOutcome
from serving.web import numerals
from serving.web.driver_part import family_title
from serving.web.words import Words


def second_part(account: Account, words: Words, currency: str) -> tuple[str, ...]:
    """A sentence an outcome, at the longest horizon told; empty for an account that was not scored.

    That nothing is known of renewals for less is said. An account that may leave any month cannot leave in the middle of a term.
    """
    by_name = {each.outcome: each for each in account.second_outcomes if each.horizons}
    if not by_name:
        return ()
    less, early = by_name.get("contracted"), by_name.get("early")
    found = [words.say("second.unknown") if less is None else _less(less, account, words, currency)]
    if early is not None and early.horizons[-1].probability > 0:
        found.append(words.say("second.early", **_likely(early, words)))
    return tuple(found)


def _less(told: SecondOutcome, account: Account, words: Words, currency: str) -> str:
    said = [words.say("second.contracted", **_likely(told, words))]
    if told.lost_share is not None and account.arr is not None:
        money = numerals.money(told.lost_share * account.arr, currency, words.language)
        said.append(words.say("second.lost", share=numerals.percent(told.lost_share, words.language), money=money))
    said.append(
        words.say("second.no_family")
        if told.family is None
        else words.say("second.family", family=family_title(told.family, words))
    )
    return " ".join(said)


def _likely(told: SecondOutcome, words: Words) -> dict[str, object]:
    last = told.horizons[-1]
    return {"probability": numerals.percent(last.probability, words.language), "days": last.days}
