"""What we do not see of an account: sources without data, and sources that began only lately."""

from datetime import timedelta

from serving.store.records import Account, Coverage
from serving.web import numerals
from serving.web.words import Words


def missing_part(account: Account, words: Words, *, late_days: int) -> tuple[str, ...]:
    """One sentence a kind of gap; empty when every source covers the account. Of an unscored account nothing was looked at.

    A source is late when it began less than `late_days` before as_of and after the first source that covers the account.
    One that fell silent is told with its last day: nothing came for longer than is usual for this account.
    """
    if not account.coverage:
        return (words.say("missing.unexamined"),)
    sentences = []
    for reason in ("no_data", "not_applicable"):
        absent = [row for row in account.coverage if row.reason == reason]
        if absent:
            sentences.append(words.say(f"missing.{reason}", what=_listed(absent, words)))
    starts = [row.covered_from for row in account.coverage if row.covered_from is not None]
    limit = account.as_of - timedelta(days=late_days)
    late = [row for row in account.coverage if row.covered_from is not None and row.covered_from > max(limit, min(starts))]
    for day in sorted({row.covered_from for row in late if row.covered_from is not None}):
        began = [row for row in late if row.covered_from == day]
        date = numerals.short_date(day, words.language)
        sentences.append(words.say("missing.since", date=date, what=_listed(began, words)))
    silent = sorted((row for row in account.coverage if row.silent_since is not None), key=lambda row: str(row.silent_since))
    for row in silent:
        if row.silent_since is not None:
            days, last = (account.as_of - row.silent_since).days, numerals.short_date(row.silent_since, words.language)
            sentences.append(words.say("missing.silent", what=_listed([row], words), days=days, date=last))
    return tuple(sentences)


def _listed(rows: list[Coverage], words: Words) -> str:
    return ", ".join(words.known(f"tables.{row.table}", row.table) for row in rows)
