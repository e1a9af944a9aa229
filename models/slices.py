"""Groups of accounts whose figures are told apart: by segment, contract, language, tenure, region, or what the company has."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.bootstrap import draws_of, interval
from models.params import EvaluationParams
from models.periods import Ints
from models.rows import positions_of

TRAIT = "trait_"
MEASURED = ("model", "rule_score", "base_rate")
METRICS = ("auc", "average_precision", "log_loss", "observed_expected", "precision_at_capacity", "arr_recall_at_capacity")
COLUMNS = ("trait", "level", "model", "metric", "value", "low", "high", "n", "accounts", "churned_accounts", "enough")


@dataclass(frozen=True)
class Slice:
    """The rows (positions in the predictions) of one level of one trait.

    `enough`: at least `evaluation.slice_min_churned` of its accounts churned, and some of its rows are of accounts that stayed;
    of a smaller slice nothing can be said.
    """

    trait: str
    level: str
    rows: Ints
    accounts: int
    churned_accounts: int
    enough: bool


def with_traits(predictions: pd.DataFrame, matrix: pd.DataFrame, traits: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The predictions with `trait_<name>` beside them, of those names that there are; `traits` has the matrix's rows in order."""
    known = [name for name in names if name in traits]
    if predictions.empty or not known:
        return predictions
    rows = positions_of(matrix, predictions)
    return predictions.assign(**{f"{TRAIT}{name}": traits[name].to_numpy(dtype=object)[rows] for name in known})


def slices_of(predictions: pd.DataFrame, min_churned: int) -> tuple[Slice, ...]:
    """Every level of every trait of the predictions, by trait in their order and level by name; no traits give no slices.

    Rows whose trait is not known are in no slice of it.
    """
    found = []
    for column in [name for name in predictions.columns if name.startswith(TRAIT)]:
        levels = predictions[column]
        for level in sorted(levels.dropna().unique()):
            rows = np.flatnonzero((levels == level).to_numpy(dtype=bool))
            part = predictions.iloc[rows]
            churned = part["churned"].to_numpy(dtype=bool)
            left = int(part.loc[churned, "account_id"].nunique())
            enough = left >= min_churned and not churned.all()
            accounts = int(part["account_id"].nunique())
            found.append(Slice(column.removeprefix(TRAIT), str(level), rows, accounts, left, enough))
    return tuple(found)


def measured_slices(predictions: pd.DataFrame, *, capacity_share: float, params: EvaluationParams) -> pd.DataFrame:
    """COLUMNS: every metric of the model, the rule score and the base rate in every slice, 95 % interval by account.

    A slice that is not `enough` has one row, without model and metric. Empty without traits.
    """
    models = tuple(name for name in MEASURED if name in predictions)
    rows: list[tuple[object, ...]] = []
    for each in slices_of(predictions, params.slice_min_churned):
        tail = (len(each.rows), each.accounts, each.churned_accounts, each.enough)
        if not each.enough:
            rows.append((each.trait, each.level, None, None, np.nan, np.nan, np.nan, *tail))
            continue
        part = predictions.iloc[each.rows]
        draws = draws_of(part, models, capacity_share=capacity_share, draws=params.slice_bootstrap, seed=params.seed)
        for model in models:
            values = {name: (draws.exact[(model, name)], *interval(draws.values[(model, name)])) for name in METRICS}
            if "base_rate" in models:
                values["brier_skill"] = draws.skill(model, "base_rate", "brier")
            rows += [(each.trait, each.level, model, metric, *found, *tail) for metric, found in values.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))
