"""How much the anchor and how much the boosters count in the score: learned out of time, held near the half by few churns."""

import numpy as np

from models.calibration import fit_platt
from models.periods import Floats

SHARES = tuple(step / 20 for step in range(21))


def blended(anchor: Floats, boosted: Floats, anchor_share: float) -> Floats:
    """The weighted logit average of two margins."""
    return anchor_share * anchor + (1.0 - anchor_share) * boosted


def learned_share(
    anchor: Floats,
    boosted: Floats,
    events: Floats,
    weight: Floats,
    *,
    churned_accounts: int,
    needed: int,
    slope_sd: float,
    level_sd: float,
    usual: float,
    usual_sd: float,
) -> float:
    """The anchor's share (one of `SHARES`) whose calibrated blend has the lowest log-loss on out-of-time margins (n,).

    Stacked generalisation (Wolpert 1992) with one weight. It is pulled towards `usual` with the force of a normal prior of
    `usual_sd`, each churned account counting once however many rows it fills: a few churns leave it there, thousands decide
    alone. `usual` as it is given below `needed` churned accounts.
    """
    if churned_accounts < needed:
        return usual
    count = min(1.0, churned_accounts / max(1.0, float(weight @ events)))

    def loss(share: float) -> float:
        margins = blended(anchor, boosted, share)
        asked = {"churned_accounts": churned_accounts, "needed": needed}
        z = fit_platt(margins, events, weight, **asked, slope_sd=slope_sd, level_sd=level_sd)(margins)
        return count * float(weight @ (np.logaddexp(0.0, z) - events * z)) + 0.5 * ((share - usual) / usual_sd) ** 2

    return min(SHARES, key=lambda share: (loss(share), share))
