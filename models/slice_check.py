"""Whether a model ranks worse than what serves now in a part of the accounts, however good it is on the whole."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models import slices
from models.metrics import Ranking
from models.params import GateParams
from models.periods import Floats, Ints
from models.slices import TRAIT

THIRDS = ("lowest third", "middle third", "highest third")


@dataclass(frozen=True)
class Slice:
    """A part of the tested rows. `account` tells rows of one account; the probabilities are the candidate's and its rival's."""

    name: str
    account: Ints
    events: Floats
    candidate: Floats
    rival: Floats

    @property
    def churned_accounts(self) -> int:
        """Accounts that churned in it."""
        return len(np.unique(self.account[self.events == 1]))


@dataclass(frozen=True)
class Drop:
    """AUC of the candidate below its rival's in a slice, and the share of draws of accounts in which it is below."""

    name: str
    candidate: float
    rival: float
    below: float

    @property
    def size(self) -> float:
        """How far below."""
        return self.rival - self.candidate


def slices_of(predictions: pd.DataFrame, rival: str) -> tuple[Slice, ...]:
    """One slice a level of every column `trait_…`, and one a third of the yearly value; unknown levels are in no slice."""
    account = pd.factorize(predictions["account_id"])[0].astype(np.int64)
    columns = [predictions[name].to_numpy(dtype=np.float64) for name in ("churned", "model", rival)]
    whole = predictions.assign(**{f"{TRAIT}yearly value": _thirds(predictions["arr"])})
    return tuple(
        Slice(f"{each.trait} = {each.level}", account[each.rows], *(column[each.rows] for column in columns))
        for each in slices.slices_of(whole, 0)
    )


def _thirds(arr: pd.Series) -> pd.Series:
    cuts = np.quantile(np.nan_to_num(arr.to_numpy(dtype=np.float64)), [1 / 3, 2 / 3])
    return pd.Series(np.array(THIRDS, dtype=object)[np.digitize(np.nan_to_num(arr), cuts)], index=arr.index)


def drops(parts: Iterable[Slice], *, params: GateParams) -> tuple[Drop, ...]:
    """Slices in which the candidate ranks worse by more than chance and `slice_auc_drop`, worst first.

    Slices of fewer than `slice_min_churned` churned accounts say nothing. Below in a share of draws that leaves
    1 - `slice_confidence` for all tested slices together (Bonferroni) is more than chance.
    """
    tested = [each for each in parts if each.churned_accounts >= params.slice_min_churned]
    asked = 1 - (1 - params.slice_confidence) / max(1, len(tested))
    measured = [_measured(each, params.slice_draws, params.slice_seed) for each in tested]
    return tuple(sorted((d for d in measured if d.size > params.slice_auc_drop and d.below >= asked), key=lambda d: -d.size))


def _measured(part: Slice, draws: int, seed: int) -> Drop:
    codes, accounts = pd.factorize(part.account)
    weight = np.random.default_rng(seed).poisson(1.0, size=(draws, len(accounts))).astype(np.float64)[:, codes]
    weight = np.vstack([np.ones(len(codes)), weight])
    mine, theirs = (Ranking(p).auc(part.events, weight) for p in (part.candidate, part.rival))
    gap = (mine - theirs)[1:]
    gap = gap[~np.isnan(gap)]
    below = float((gap < 0).mean()) if len(gap) else float("nan")
    return Drop(part.name, float(mine[0]), float(theirs[0]), below)
