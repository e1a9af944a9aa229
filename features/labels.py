"""What happened next: the only code that looks ahead. Nothing here may become a signal."""

from datetime import date

import pandas as pd

from features.history import History
from features.terms import chains, churns

INTERVIEW_DAYS = 180  # an exit interview is about the churn that was decided at most so many days before or after it


def follow_up(history: History, snapshots: pd.DataFrame, until: date, *, grace_days: int) -> pd.DataFrame:
    """What is known before `until` of each snapshot's account after its as_of; one row a snapshot, in its order.

    Columns: account_id, as_of, churned_at and outcome_known_at (missing when no churn was seen), reason (of the churn, as told
    in an exit interview, else as recorded with the outcome; missing when neither says), followed_until (up to when the
    account is known to have stayed, unless it churned before; never after `until`). A past term without outcome and
    without successor ends the follow-up at its last day: counted, censored, never a churn. An account that had churned before
    as_of, though we learned it later, is followed for no time at all.
    """
    terms = history.known("subscriptions", [until]).to_pandas()
    found = churns(terms, history.known("renewals", [until]).to_pandas(), ["account_id"])
    found = found.assign(reason=_reasons(history, found, until))
    asked = snapshots[["account_id", "as_of"]].reset_index(drop=True)
    asked = asked.assign(as_of=asked["as_of"].astype("datetime64[us]"), order=range(len(asked)))
    result = asked.merge(_ends(asked, terms, grace_days), on="order", how="left")
    result = result.merge(_next_churn(asked, found), on="order", how="left").sort_values("order", ignore_index=True)
    unseen = _churned_unseen(asked, found, terms)
    same_spell = result["decided_at"] <= result["chain_end"] + pd.Timedelta(days=grace_days)
    churned = result["decided_at"].where(same_spell & ~unseen)
    followed = result[["chain_end"]].assign(churned=churned).max(axis=1)
    stop = pd.Timestamp(until).as_unit("us")
    followed = followed.where(followed < stop, stop)
    followed = followed.where((followed > result["as_of"]) & ~unseen, result["as_of"])
    return result[["account_id", "as_of"]].assign(
        churned_at=churned,
        outcome_known_at=result["outcome_known_at"].where(churned.notna()),
        reason=result["reason"].where(churned.notna()),
        followed_until=followed,
    )


def contractions(history: History, followed: pd.DataFrame, until: date) -> pd.DataFrame:
    """The first renewal for less after each snapshot, as known before `until`; one row a row of `followed`, in its order.

    `followed` is a `follow_up`. Columns: account_id, as_of, churned_at (here the day on which less was decided; missing when
    it was not), outcome_known_at, followed_until (as in `followed`, but never after the account left: who has left cannot
    reduce), lost_share (0 to 1 of the term's value a year that went; missing without both amounts). A company that records no
    renewals for less has no day in any row.
    """
    known = history.known("renewals", [until]).to_pandas()
    less = known.loc[known["outcome"] == "contracted"]
    before, after = less["arr_before"].astype("float64"), less["arr_after"].astype("float64")
    less = less.assign(lost_share=((before - after) / before).where((before > 0) & after.between(0, before)))
    less = less[["account_id", "decided_at", "outcome_known_at", "lost_share"]].sort_values("decided_at")
    asked = followed.reset_index(drop=True)
    asked = asked.assign(order=range(len(asked)), followed_until=asked[["followed_until", "churned_at"]].min(axis=1))
    asked = asked[["account_id", "as_of", "followed_until", "order"]].sort_values("as_of")
    found = pd.merge_asof(asked, less, left_on="as_of", right_on="decided_at", by="account_id", direction="forward")
    found = found.sort_values("order", ignore_index=True)
    seen = found["decided_at"] < found["followed_until"]
    return found[["account_id", "as_of"]].assign(
        churned_at=found["decided_at"].where(seen),
        outcome_known_at=found["outcome_known_at"].where(seen),
        followed_until=found["followed_until"],
        lost_share=found["lost_share"].where(seen),
    )


def _ends(asked: pd.DataFrame, terms: pd.DataFrame, grace_days: int) -> pd.DataFrame:
    """order, chain_end of the chain of terms that has begun at as_of."""
    strung = chains(terms, ["account_id"], grace_days)[["account_id", "chain_start", "chain_end"]].drop_duplicates()
    found = pd.merge_asof(
        asked.sort_values("as_of"),
        strung.sort_values("chain_start"),
        left_on="as_of",
        right_on="chain_start",
        by="account_id",
    )
    return found[["order", "chain_end"]]


def _next_churn(asked: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """order, decided_at, outcome_known_at, reason of the first churn at or after as_of."""
    ahead = pd.merge_asof(
        asked.sort_values("as_of"),
        found[["account_id", "decided_at", "outcome_known_at", "reason"]].sort_values("decided_at"),
        left_on="as_of",
        right_on="decided_at",
        by="account_id",
        direction="forward",
    )
    return ahead[["order", "decided_at", "outcome_known_at", "reason"]]


def _reasons(history: History, found: pd.DataFrame, until: date) -> pd.Series:
    """The reason of each churn: of the exit interview nearest to the decision, else the one it was recorded with."""
    if not history.has("exit_interviews") or found.empty:
        return found["reason"]
    held = history.known("exit_interviews", [until]).to_pandas()
    told = pd.merge_asof(
        found[["account_id", "decided_at"]].reset_index(names="row").sort_values("decided_at"),
        held[["account_id", "held_at", "reason"]].sort_values("held_at"),
        left_on="decided_at",
        right_on="held_at",
        by="account_id",
        direction="nearest",
        tolerance=pd.Timedelta(days=INTERVIEW_DAYS),
    )
    return told.set_index("row")["reason"].reindex(found.index).fillna(found["reason"])


def _churned_unseen(asked: pd.DataFrame, found: pd.DataFrame, terms: pd.DataFrame) -> pd.Series:
    """Whether the account had churned before as_of and no term has begun since: the snapshot saw it alive by late news."""
    if found.empty:
        return pd.Series(data=False, index=asked.index)
    by_time = asked.sort_values("as_of")
    last = pd.merge_asof(
        by_time,
        found[["account_id", "decided_at", "outcome_known_at"]].sort_values("decided_at"),
        left_on="as_of",
        right_on="decided_at",
        by="account_id",
        allow_exact_matches=False,
    )
    begun = pd.merge_asof(
        by_time,
        terms[["account_id", "started_at", "known_at"]].sort_values("started_at"),
        left_on="as_of",
        right_on="started_at",
        by="account_id",
    )
    new_spell = (begun["started_at"] > last["decided_at"]) & (begun["known_at"] > last["outcome_known_at"])
    unseen = last["decided_at"].notna() & ~new_spell
    return pd.Series(unseen.to_numpy(), index=by_time["order"]).sort_index()
