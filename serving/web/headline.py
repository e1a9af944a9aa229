"""The first screen of an account: how likely, by when, why, what first, who."""

from dataclasses import dataclass
from datetime import date, timedelta

from serving.store.records import Account
from serving.web import numerals
from serving.web.driver_part import family_title, sentence
from serving.web.plan_part import PlanPart
from serving.web.words import Words


@dataclass(frozen=True)
class Headline:
    """The answers, in words; None where there is nothing to say. `why` holds title and sentence of the leading drivers."""

    likely: str | None
    within: str
    at_risk: str | None
    band: str
    band_name: str
    status: str | None
    renewal: str
    renewal_in: str | None
    window: str | None
    why: tuple[tuple[str, str], ...]
    first: str | None
    first_due: str | None
    before_first: str | None
    owner: str | None
    respond_by: str | None


def headline(account: Account, plan: PlanPart | None, words: Words, currency: str) -> Headline:
    """The headline of `account`, whose plan is `plan` (None: no play is suggested)."""
    likely = account.probability
    step = None if plan is None else plan.first
    return Headline(
        likely=None if likely is None else numerals.percent(likely, words.language),
        within=words.say("account.within", days=account.horizon_days),
        at_risk=None
        if account.arr_at_risk is None
        else words.say("account.at_risk", money=numerals.money(account.arr_at_risk, currency, words.language)),
        band=account.risk_band or "none",
        band_name=words.say(f"bands.{account.risk_band or 'none'}"),
        status=None if account.status == "scored" else words.known(f"status.{account.status}", account.status),
        renewal=_renewal(account, words),
        renewal_in=None if account.renews_at is None else days_from(account.as_of, account.renews_at, words),
        window=_window(account, words),
        why=_why(account, words),
        first=None if step is None else step.text,
        first_due=None if step is None else words.say("account.first_due", date=step.due),
        before_first=_before_first(account, plan, words),
        owner=None if step is None else step.owner,
        respond_by=_respond_by(account, words),
    )


def no_play(account: Account, words: Words) -> str:
    """Why there is no play."""
    if account.arm == "holdout":
        return words.say("account.held_out")
    if account.probability is None:
        return words.say("account.no_play_decided" if account.status == "decided" else "account.no_play_unscored")
    return words.say("account.no_play")


def _before_first(account: Account, plan: PlanPart | None, words: Words) -> str | None:
    """What stands where the first step would; for a low risk, what stands before it."""
    if plan is None:
        return no_play(account, words)
    if plan.first is None:
        return words.say("account.all_done")
    return words.say("account.low_risk") if account.risk_band == "low" else None


def decisive_window(account: Account) -> tuple[date, date] | None:
    """First and last day of the period with the highest risk; None when the account was not scored."""
    if account.margin_from is None or account.margin_to is None:
        return None
    return account.margin_from, account.margin_to - timedelta(days=1)


def days_from(start: date, day: date, words: Words) -> str:
    """How far `day` lies from `start`: today, tomorrow, in 12 days, 3 days ago."""
    distance = (day - start).days
    if distance == 0:
        return words.say("when.today")
    key = "when.in_days" if distance > 0 else "when.ago"
    return words.count(key, abs(distance), days=abs(distance))


def _renewal(account: Account, words: Words) -> str:
    if account.renews_at is None:
        return words.say("when.no_renewal")
    return words.say("account.renewal", date=numerals.short_date(account.renews_at, words.language))


def _window(account: Account, words: Words) -> str | None:
    window = decisive_window(account)
    if window is None:
        return None
    start, end = (numerals.day_and_month(day, words.language) for day in window)
    return words.say("account.window", start=start, end=end)


def _why(account: Account, words: Words) -> tuple[tuple[str, str], ...]:
    """Title and sentence of the two leading drivers; that none is clear, when the account was scored and none leads."""
    by_family = {driver.family: driver for driver in account.drivers}
    leading = [by_family[name] for name in account.named if name in by_family]
    if not leading and account.probability is not None:
        return (("", words.say("account.no_driver")),)
    return tuple((family_title(driver.family, words), sentence(driver, words)) for driver in leading)


def _respond_by(account: Account, words: Words) -> str | None:
    if account.respond_by is None or account.arm == "holdout" or account.risk_band == "low":
        return None
    return words.say("account.respond_by", date=numerals.deadline(account.respond_by, words.language))
