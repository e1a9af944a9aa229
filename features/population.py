"""Who is there on a day: the accounts known, alive and under contract as of it, and the terms they run on."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from features.history import History
from features.terms import chains, churns, with_ends

TERM = ["account_id", "as_of"]
STATE_TYPES = {
    "account_id": "string",
    "as_of": "timestamp(6)",
    "began": "timestamp(6)",
    "chain_start": "timestamp(6)",
    "chain_end": "timestamp(6)",
    "term_days": "float64",
    "monthly_term": "boolean",
    "auto_renew": "boolean",
    "notice_days": "float64",
    "plan": "string",
    "arr": "float64",
    "list_arr": "float64",
    "seats": "float64",
    "core_count": "float64",
}
MONTH_DAYS = 31  # a term no longer than a month ends every month, however it is billed


def population(history: History, as_ofs: Sequence[date], *, grace_days: int) -> pd.DataFrame:
    """One row an account known at each as_of, sorted by as_of and account_id.

    Columns: account_id, as_of, alive (bool), decided (bool: it is known to leave while a term still runs), left (bool: it is
    known to have left), began (first day of the account or of its first term), chain_start and chain_end (first and last day
    of the terms that join up at as_of; missing without a running term), term_days (length of the term in force), arr,
    list_arr, seats (sums over running terms), monthly_term, auto_renew, notice_days, plan (of the running term that ends
    last). Nobody known: an empty frame.
    """
    known: pd.DataFrame = history.known("accounts", as_ofs).select("account_id", "as_of", "created_at").to_pandas()
    lost = _lost(history, as_ofs)
    terms = with_ends(_terms(history, as_ofs), lost, TERM)
    by_account = churns(terms, lost, TERM).groupby(TERM, as_index=False)
    churned = by_account.agg(churned_at=("decided_at", "max"), churn_known_at=("outcome_known_at", "max"))
    first = terms.groupby(TERM, as_index=False).agg(first_term=("started_at", "min"))
    for part in (_running(terms, churned, grace_days), churned, first):
        known = known.merge(part, on=TERM, how="left")
    known["began"] = known[["created_at", "first_term"]].min(axis=1)
    known["decided"] = known["decided"].eq(True)
    known["alive"] = known["chain_end"].notna() & ~known["decided"]
    known["left"] = known["chain_end"].isna() & known["churned_at"].notna()
    known = known.drop(columns=["created_at", "first_term", "churned_at", "churn_known_at"])
    return known.sort_values(TERM[::-1], ignore_index=True)


def _terms(history: History, as_ofs: Sequence[date]) -> pd.DataFrame:
    columns = ["account_id", "as_of", "subscription_id", "started_at", "renews_at", "known_at", "arr", "list_arr", "seats"]
    rows = history.known("subscriptions", as_ofs).select(*columns, "billing", "auto_renew", "notice_days", "plan")
    terms: pd.DataFrame = rows.order_by("as_of", "account_id", "started_at", "renews_at", "subscription_id").to_pandas()
    return terms


def _lost(history: History, as_ofs: Sequence[date]) -> pd.DataFrame:
    """The `churned` outcomes known before each as_of."""
    rows = history.known("renewals", as_ofs)
    lost: pd.DataFrame = rows.filter(rows.outcome == "churned").to_pandas()
    return lost


def _running(terms: pd.DataFrame, churned: pd.DataFrame, grace_days: int) -> pd.DataFrame:
    """The chain of terms that is running at each as_of, as one row; an account without one is absent.

    A decision to leave covers its own term and every term that had begun, or was agreed, by then: one agreed afterwards is a
    new spell.
    """
    grace = pd.Timedelta(days=grace_days)
    current = terms.loc[terms["renews_at"] + grace > terms["as_of"]].merge(churned, on=TERM, how="left")
    covered = (current["started_at"] <= current["churned_at"]) | (current["known_at"] <= current["churn_known_at"])
    strung = chains(current.assign(decided=covered | current["ended_at"].notna()), TERM, grace_days)
    begun = strung.loc[strung["started_at"] <= strung["as_of"]]
    begun = begun.loc[begun["chain"] == begun.groupby(TERM)["chain"].transform("max")]
    in_force = begun["renews_at"] > begun["as_of"]
    now = begun.loc[in_force | ~in_force.groupby([begun[name] for name in TERM]).transform("any")]
    grouped = now.groupby(TERM, as_index=False)
    sums = grouped[["arr", "list_arr", "seats"]].sum(min_count=1).assign(decided=grouped["decided"].all()["decided"])
    last = now.sort_values([*TERM, "renews_at", "started_at"], kind="stable").groupby(TERM, as_index=False).tail(1)
    term_days = (last["renews_at"] - last["started_at"]).dt.days
    monthly = last["billing"].eq("monthly") | (term_days <= MONTH_DAYS)
    last = last.assign(term_days=term_days, monthly_term=monthly)
    columns = [*TERM, "chain_start", "chain_end", "term_days", "monthly_term", "auto_renew", "notice_days", "plan"]
    return sums.merge(last[columns], on=TERM)
