"""Contract terms strung into chains, and what ends them: the one home of "running", "alive" and "churned"."""

import pandas as pd


def chains(terms: pd.DataFrame, by: list[str], grace_days: int) -> pd.DataFrame:
    """`terms` sorted, with `chain` (0, 1, … within each group of `by`): a term joins the chain when it starts before the
    chain's end plus the grace; `chain_start` and `chain_end` are the chain's first and last day.
    """
    ordered = terms.sort_values([*by, "started_at", "renews_at", "subscription_id"], ignore_index=True)
    reach = ordered.groupby(by, sort=False)["renews_at"].cummax()
    previous = reach.groupby([ordered[name] for name in by], sort=False).shift()
    breaks = ordered["started_at"] > previous + pd.Timedelta(days=grace_days)
    number = breaks.astype("int64").groupby([ordered[name] for name in by], sort=False).cumsum()
    grouped = ordered.assign(chain=number).groupby([*by, "chain"], sort=False)
    return ordered.assign(
        chain=number,
        chain_start=grouped["started_at"].transform("min"),
        chain_end=grouped["renews_at"].transform("max"),
    )


def churns(terms: pd.DataFrame, renewals: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """`by`, decided_at, outcome_known_at, reason of each churn: a `churned` outcome that leaves the account no term which
    runs at `decided_at`, or which was agreed by then and runs later.

    `terms` and `renewals` are the rows known to the asker, `by` what tells accounts apart (account_id, perhaps as_of);
    renewals carry `outcome_known_at`. Empty in, empty out.
    """
    lost = renewals.loc[renewals["outcome"] == "churned"].reset_index(drop=True)
    lost = lost.assign(decision=range(len(lost)))
    ends = terms if "ended_at" in terms else with_ends(terms, lost, by)
    others = lost.merge(ends, on=by, suffixes=("", "_term"))
    ended = others["ended_at"] <= others["decided_at"]
    ends_later = others["renews_at_term"] > others["decided_at"]
    agreed = (others["started_at"] <= others["decided_at"]) | (others["known_at_term"] <= others["outcome_known_at"])
    kept = others.loc[~ended & ends_later & agreed, "decision"]
    found = lost.loc[~lost["decision"].isin(kept), [*by, "decided_at", "outcome_known_at", "reason"]]
    return found.sort_values([*by, "decided_at"], ignore_index=True)


def with_ends(terms: pd.DataFrame, lost: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The terms with `ended_at`, the decision that ends each of them; an outcome without subscription_id ends the terms
    that run out on its day.
    """
    named = lost["subscription_id"].notna()
    by_name = lost.loc[named].groupby([*by, "subscription_id"], as_index=False)["decided_at"].min()
    by_day = lost.loc[~named].groupby([*by, "renews_at"], as_index=False)["decided_at"].min()
    found = terms.merge(by_name, on=[*by, "subscription_id"], how="left")
    found = found.merge(by_day, on=[*by, "renews_at"], how="left", suffixes=("", "_by_day"))
    ended = found[["decided_at", "decided_at_by_day"]].min(axis=1)
    return found.drop(columns=["decided_at", "decided_at_by_day"]).assign(ended_at=ended)
