"""One account's page in one language, before it becomes HTML or plain text."""

from dataclasses import dataclass

from serving.store.records import Account
from serving.web import numerals
from serving.web.after_part import AfterPart, after_part
from serving.web.driver_part import DriverPart, driver_parts
from serving.web.guide import Guide
from serving.web.headline import Headline, decisive_window, headline
from serving.web.missing_part import missing_part
from serving.web.plan_part import PlanPart, plan_part
from serving.web.second_part import second_part
from serving.web.voice_part import VoicePart, voice_part
from serving.web.words import Words

FEW = 0.15  # log-odds below which a driver without rows goes among the smaller areas


@dataclass(frozen=True)
class AccountPage:
    """Everything the page says; `facts` is the line under the name, `investment` the effort and what it is worth.

    `after`: what is open after a save or a loss, None where nothing is, and on an earlier day: it is the newest list.
    """

    account: Account
    words: Words
    as_of: str
    facts: tuple[str, ...]
    headline: Headline
    drivers: tuple[DriverPart, ...]
    smaller: tuple[DriverPart, ...]
    reading: str
    plan: PlanPart | None
    investment: tuple[tuple[str, str], ...]
    horizons: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str], ...]
    second: tuple[str, ...]
    missing: tuple[str, ...]
    voice: VoicePart
    after: AfterPart | None


def account_page(account: Account, guide: Guide, words: Words) -> AccountPage:
    """Compose the page of `account`."""
    plan = plan_part(account, guide, words)
    parts = driver_parts(account, guide, words)
    main = tuple(part for part in parts if part.family in account.named or abs(part.push) >= FEW)
    currency = guide.params.currency
    return AccountPage(
        account=account,
        words=words,
        as_of=words.say("page.as_of", date=numerals.short_date(account.as_of, words.language)),
        facts=_facts(account, words, currency),
        headline=headline(account, plan, words, currency),
        drivers=main,
        smaller=tuple(part for part in parts if part not in main),
        reading=_reading(account, words),
        plan=plan,
        investment=_investment(account, words, currency) if plan is not None else (),
        horizons=tuple(
            (words.say("account.in_n_days", days=h.days), numerals.percent(h.probability, words.language))
            for h in account.horizons
        ),
        history=tuple(
            (numerals.short_date(point.as_of, words.language), numerals.percent(point.probability, words.language))
            for point in account.history
            if point.probability is not None
        ),
        second=second_part(account, words, currency),
        missing=missing_part(account, words, late_days=guide.params.late_coverage_days),
        voice=voice_part(account, words),
        after=after_part(account.account_id, guide, words) if account.newest else None,
    )


def _facts(account: Account, words: Words, currency: str) -> tuple[str, ...]:
    arr = None if account.arr is None else numerals.money(account.arr, currency, words.language)
    found = (
        None if arr is None else words.say("account.arr", money=arr),
        account.industry,
        account.region,
        None if account.csm is None else words.say("account.csm", csm=account.csm),
    )
    return tuple(fact for fact in found if fact)


def _reading(account: Account, words: Words) -> str:
    window = decisive_window(account)
    if window is None:
        return words.say("drivers.reading_undated")
    start, end = (numerals.short_date(day, words.language) for day in window)
    return words.say("drivers.reading", start=start, end=end)


def _investment(account: Account, words: Words, currency: str) -> tuple[tuple[str, str], ...]:
    """Effort, chance and worth as label and value; what is not known is left out."""
    chance, plan = account.save_probability, account.plan
    worth = None if plan is None else plan.worth
    fit = None if plan is None else plan.fit
    found = (
        ("plan.effort", None if account.effort_tier is None else words.known(f"tier.{account.effort_tier}", "")),
        ("plan.fit", None if fit is None else numerals.percent(fit, words.language)),
        ("plan.chance", None if chance is None else numerals.percent(chance, words.language)),
        ("plan.worth", None if worth is None else numerals.money(worth, currency, words.language)),
    )
    return tuple((words.say(key), value) for key, value in found if value)
