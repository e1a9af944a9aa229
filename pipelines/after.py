"""`tenure after`: what is due after saves and losses, from the tables and from what was scored."""

from contextlib import closing
from datetime import date, timedelta

from features.aftermath import losses, saves
from features.errors import BadInput
from features.totals.facts import replace
from pipelines.company import Company
from pipelines.hand_over import store
from pipelines.home import Home
from serving.after import After, after
from serving.params import MOST_DAYS

FLAGGED = {"critical", "high"}


def due_after(company: Company, as_of: date, days: int | None, home: Home) -> After:
    """Everything due within `days` (None: `after.look_ahead_days`) of `as_of`, kept in the home for the API.

    `BadInput` when no account is known by then, or for more days than ten years have.
    """
    if days is not None and days > MOST_DAYS:
        raise BadInput(f"--days {days} is too far ahead. Give at most {MOST_DAYS}.")
    company.require_accounts(as_of, "--as-of")
    params, history = company.params.after, company.history
    who = history.known("accounts", [as_of]).select("account_id", "name", "csm").to_pandas()
    plain = who.astype(object).where(who.notna(), None)
    named = {account: (name or account, csm) for account, name, csm in plain.itertuples(index=False)}
    with closing(store(home)) as keeper:

        def flagged(account_id: str, left_on: date) -> date | None:
            since = left_on - timedelta(days=params.flagged_days)
            held = (point for point in keeper.history(account_id) if since <= point.as_of <= left_on)
            return next((point.as_of for point in held if point.risk_band in FLAGGED), None)

        found = after(
            saves(history, as_of),
            losses(history, as_of),
            named,
            flagged,
            params,
            as_of=as_of,
            days=params.look_ahead_days if days is None else days,
        )
    home.after.parent.mkdir(parents=True, exist_ok=True)
    replace(home.after, lambda draft: draft.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8"))
    return found


def refresh(company: Company, as_of: date, home: Home) -> None:
    """The list in the home, as of a day that was just published; one of an earlier day than the newest leaves it as it is."""
    with closing(store(home)) as keeper:
        newest = keeper.latest_as_of()
    if newest is None or newest <= as_of:
        due_after(company, as_of, None, home)


def of(found: After, csm: str | None) -> After:
    """The rows of one CSM, or all (None); `BadInput` when nobody of that name has any."""
    mine = found.of(csm)
    if csm is not None and csm not in found.csms():
        names = found.csms()
        known = f"CSMs with something open: {', '.join(names)}" if names else "nobody has anything open"
        raise BadInput(f"nothing is open of accounts of --csm {csm!r} at {found.as_of}. {known}.")
    return mine
