"""What kind of customer an account is on a day: the groups whose figures are told apart. Never a signal, never of the model."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from features.peers import segments

CONTRACTS = ("monthly", "auto_renew", "manual_renew")
YEAR_DAYS = 365.25


def traits_of(
    frame: pd.DataFrame, accounts: pd.DataFrame, *, segments_from_arr: Sequence[float], tenure_from_years: Sequence[float]
) -> pd.DataFrame:
    """One row a row of the matrix, in its order: a name of the group by trait, None where it is not known.

    `segment` (yearly value) and `tenure` (years since the account began) read `0-1000`, `1000-10000`, `10000+`; `contract` is
    one of CONTRACTS. `language` comes from `accounts`, the rows of that table known by some day, the newest of an account last.
    Every category and every `attr_` name of the matrix (region, industry, country, plan) is a trait too. A trait that is
    known of nobody has no column; an empty matrix has no traits.
    """
    found = {
        "segment": _between(segments(_column(frame, "arr"), tuple(segments_from_arr)), segments_from_arr),
        "contract": _contract(frame),
        "language": _language(frame, accounts),
        "tenure": _between(_years(frame, tenure_from_years), tenure_from_years),
        **{name: _names(frame[name]) for name in frame.columns if _is_a_name(frame, name)},
    }
    return pd.DataFrame({name: column for name, column in found.items() if column.notna().any()}, index=frame.index)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(np.nan, index=frame.index)
    return frame[name].astype("float64")


def _between(codes: pd.Series, cuts: Sequence[float]) -> pd.Series:
    """The name of the range with each number; -1 is unknown."""
    ends = [f"{cut:g}" for cut in (0, *cuts)]
    names = [*(f"{low}-{high}" for low, high in pairwise(ends)), f"{ends[-1]}+"]
    return codes.map(dict(enumerate(names))).astype(object)


def _years(frame: pd.DataFrame, cuts: Sequence[float]) -> pd.Series:
    days = _column(frame, "tenure_days")
    codes = np.searchsorted(np.array(cuts) * YEAR_DAYS, days.fillna(0.0).to_numpy(), side="right")
    return pd.Series(np.where(days.isna(), -1, codes), index=frame.index)


def _contract(frame: pd.DataFrame) -> pd.Series:
    monthly, auto = _column(frame, "monthly_term"), _column(frame, "auto_renew")
    named = np.select([monthly == 1, auto == 1, auto == 0], CONTRACTS, default="")
    return pd.Series(named, index=frame.index).where(named != "").astype(object)


def _language(frame: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    if "language" not in accounts:
        return pd.Series(None, index=frame.index, dtype=object)
    newest = accounts.dropna(subset="language").drop_duplicates("account_id", keep="last")
    return _names(frame["account_id"].map(newest.set_index("account_id")["language"]))


def _is_a_name(frame: pd.DataFrame, name: str) -> bool:
    return name not in ("account_id", "as_of") and not pd.api.types.is_numeric_dtype(frame[name])


def _names(values: pd.Series) -> pd.Series:
    return values.astype(object).where(values.notna(), None).map(lambda each: None if each is None else str(each))
