"""What a day's scoring adds to the named drivers: whether they were likely a month before, and what one signal would change."""

from collections.abc import Mapping

import pandas as pd

from models.explanation import pushes
from models.model import Model
from models.what_if import KEY, what_ifs
from pipelines.company import Company


def with_what_speaks_for_them(
    table: pd.DataFrame,
    company: Company,
    model: Model,
    assessments: pd.DataFrame,
    scored: pd.DataFrame,
    side: pd.DataFrame,
    earlier: pd.DataFrame,
    prior: Mapping[str, float],
) -> pd.DataFrame:
    """The drivers with `before` and `what_if` as last columns, both missing for a family that is not told about.

    `side` is the `standing` of the accounts of `scored`, `earlier` the matrix of `explanation.before_days` ago.

    `before`: whether a named family was likely enough to be named `explanation.before_days` earlier; missing also where the
    account was not alive then. `prior` moves how likely families are, then as now.
    What-ifs are asked of named families, and of the strongest push where none is named.
    """
    named = assessments.melt("account_id", ["driver_1", "driver_2"], value_name="family").dropna(subset=["family"])[KEY]
    told = table.merge(_before(company, earlier, model, named, prior), on=KEY, how="left")
    explanation = company.params.explanation
    asked = what_ifs(
        model,
        scored,
        side,
        pd.concat([named, _strongest(table, named)], ignore_index=True),
        company.catalogue,
        horizon_days=company.params.decision.horizon_days,
        notable_z=explanation.notable_z,
        least_fall=explanation.what_if_from,
    )
    told = told.merge(asked, on=KEY, how="left")
    return told.assign(
        before=told["before"].astype("boolean"), what_if=told["what_if"].astype(object).where(told["what_if"].notna(), None)
    )


def _before(
    company: Company, earlier: pd.DataFrame, model: Model, named: pd.DataFrame, prior: Mapping[str, float]
) -> pd.DataFrame:
    """account_id, family, before: of the named families of accounts that were alive so many days before."""
    frame = earlier.loc[earlier["account_id"].isin(named["account_id"])].reset_index(drop=True)
    if frame.empty:
        return pd.DataFrame({name: pd.Series([], dtype=object) for name in [*KEY, "before"]})
    horizon = company.params.decision.horizon_days
    explanation = company.params.explanation
    found = pushes(model, frame, model.margins(frame), horizon_days=horizon, params=explanation, prior=prior).frame
    return named.merge(found[[*KEY, "clear"]].rename(columns={"clear": "before"}), on=KEY)


def _strongest(table: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """The family that pushes most, of each account for which none is named."""
    others = table.loc[(table["push"] > 0) & ~table["account_id"].isin(named["account_id"])]
    return others.sort_values("push", ascending=False, kind="stable").drop_duplicates("account_id")[KEY]
