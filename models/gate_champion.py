"""What a candidate must show against the champion: better with little doubt, or no worse and far simpler."""

import numpy as np

from models.params import GateParams
from models.rivalry import Rivalry
from models.verdict import Reason


def against_champion(rivalry: Rivalry, params: GateParams) -> list[Reason]:
    """Log-loss, churned ARR within capacity, and enough outcomes to decide without a person; paired by account."""
    note = _note(rivalry)
    return [_log_loss(rivalry, params, note), *_arr(rivalry, params, note), _enough(rivalry, params)]


def _log_loss(rivalry: Rivalry, params: GateParams, note: str) -> Reason:
    """Better in enough draws; of a far simpler candidate, with the same confidence hardly worse."""
    found, asked = rivalry.evaluation, params.champion_probability
    better = found.draws.better("model", "champion", "log_loss")
    worse = found.draws.relative("model", "champion", "log_loss")
    bound = float(np.quantile(worse, asked)) if worse is not None else float("nan")
    by_simplicity = rivalry.simpler and bound <= params.anchor_tolerance
    sentence = (
        f"log-loss {found.value('model', 'log_loss'):.4f} against the champion's {found.value('champion', 'log_loss'):.4f}: "
        f"better in {better:.0%} of draws, {asked:.0%} is asked"
    )
    if rivalry.simpler:
        sentence += (
            f", or, as it is far simpler, at most {params.anchor_tolerance:.1%} above with {asked:.0%} confidence: "
            f"it is at most {bound:+.1%}"
        )
    return Reason("beats_champion", better, f">= {asked:.2f}", better >= asked or by_simplicity, sentence + note)


def _arr(rivalry: Rivalry, params: GateParams, note: str) -> list[Reason]:
    gap = rivalry.evaluation.draws.gap("model", "champion", "arr_recall_at_capacity")
    if gap is None:
        return []
    low, allowed = float(np.quantile(gap, 1 - params.champion_probability)), -params.arr_recall_tolerance
    sentence = (
        f"churned ARR within capacity, candidate minus champion: at least {low:+.3f} with "
        f"{params.champion_probability:.0%} confidence, {allowed:+.3f} is allowed{note}"
    )
    return [Reason("keeps_arr", low, f">= {allowed}", low >= allowed, sentence)]


def _enough(rivalry: Rivalry, params: GateParams) -> Reason:
    churned, needed = rivalry.evaluation.churned_accounts, params.automatic_from_churned
    sentence = f"{churned} churned accounts were tested against the champion, {needed} are needed to replace it"
    if churned < needed:
        sentence += " without a person; `tenure promote` does it with a name and a reason"
    return Reason("enough_to_replace", churned, f">= {needed}", churned >= needed, sentence)


def _note(rivalry: Rivalry) -> str:
    if rivalry.seen:
        return " (the champion has seen these outcomes, which favours it)"
    days = f"{rivalry.age_days} days" if rivalry.age_days != 1 else "1 day"
    return f" (the champion's recipe, trained {days} before the candidate's at every origin)" if rivalry.age_days else ""
