"""What a candidate must show against the champion: better with little doubt, or no worse and far simpler."""

import numpy as np

from features.said import Said, alike
from models import gate_words as words
from models.params import GateParams
from models.rivalry import Rivalry
from models.verdict import Reason


def against_champion(rivalry: Rivalry, params: GateParams) -> list[Reason]:
    """Log-loss, churned ARR within capacity, and enough outcomes to decide without a person; paired by account."""
    note = _note(rivalry)
    return [_log_loss(rivalry, params, note), *_arr(rivalry, params, note), _enough(rivalry, params)]


def _log_loss(rivalry: Rivalry, params: GateParams, note: Said) -> Reason:
    """Better in enough draws; of a far simpler candidate, with the same confidence hardly worse."""
    found, asked = rivalry.evaluation, params.champion_probability
    better = found.draws.better("model", "champion", "log_loss")
    worse = found.draws.relative("model", "champion", "log_loss")
    bound = float(np.quantile(worse, asked)) if worse is not None else float("nan")
    by_simplicity = rivalry.simpler and bound <= params.anchor_tolerance
    said = words.BEATS_CHAMPION.filled(
        loss=found.value("model", "log_loss"),
        of_champion=found.value("champion", "log_loss"),
        better=better,
        asked=asked,
    )
    if rivalry.simpler:
        said += words.BY_SIMPLICITY.filled(allowed=params.anchor_tolerance, asked=asked, bound=bound)
    return Reason("beats_champion", better, f">= {asked:.2f}", better >= asked or by_simplicity, said + note)


def _arr(rivalry: Rivalry, params: GateParams, note: Said) -> list[Reason]:
    gap = rivalry.evaluation.draws.gap("model", "champion", "arr_recall_at_capacity")
    if gap is None:
        return []
    low, allowed = float(np.quantile(gap, 1 - params.champion_probability)), -params.arr_recall_tolerance
    said = words.KEEPS_ARR.filled(low=low, asked=params.champion_probability, allowed=allowed)
    return [Reason("keeps_arr", low, f">= {allowed}", low >= allowed, said + note)]


def _enough(rivalry: Rivalry, params: GateParams) -> Reason:
    churned, needed = rivalry.evaluation.churned_accounts, params.automatic_from_churned
    said = words.ENOUGH.filled(churned=churned, needed=needed)
    if churned < needed:
        said += words.BY_A_PERSON
    return Reason("enough_to_replace", churned, f">= {needed}", churned >= needed, said)


def _note(rivalry: Rivalry) -> Said:
    if rivalry.seen:
        return words.SEEN
    if not rivalry.age_days:
        return alike("")
    return words.OLDER_BY_ONE if rivalry.age_days == 1 else words.OLDER.filled(days=rivalry.age_days)
