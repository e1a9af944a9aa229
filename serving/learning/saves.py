"""How often finished attempts end in a save, by play: each play's share leans on what all plays have in common."""

from collections.abc import Mapping

import numpy as np
from scipy.special import betainc, betaln

from serving.learning.learned import Estimate, SaveRate
from serving.learning.pooling import HIGH, LOW, QUARTER, Floats, quantile

SHARES = np.linspace(0.01, 0.99, 50)
ACCOUNTS = np.geomspace(1, 1_000, 21)  # that the shared prior counts for; each as likely as any other before the data
UNHEARD = 1e-4  # of the likeliest prior's weight: what is below changes nothing that is shown


def save_rates(finished: Mapping[str, tuple[int, int]], min_accounts: int) -> tuple[SaveRate, ...]:
    """The save rate of every play, by play; `finished`: play -> (attempts finished, of them saved). Empty of none.

    Beta-binomial with one prior for all plays. The prior is weighed, not fixed at its likeliest: of a handful of plays that
    is often far too sure that they are alike.
    """
    counted = {play: each for play, each in sorted(finished.items()) if each[0] > 0}
    if not counted:
        return ()
    share, accounts = (each.ravel() for each in np.meshgrid(SHARES, ACCOUNTS))
    a, b = share * accounts, (1 - share) * accounts
    likely = sum(betaln(a + saved, b + count - saved) - betaln(a, b) for count, saved in counted.values())
    weight = np.exp(likely - np.max(likely))
    heard = weight > UNHEARD
    weight, a, b = weight[heard] / weight[heard].sum(), a[heard], b[heard]
    return tuple(
        SaveRate(
            play=play,
            finished=count,
            saved=saved,
            too_few=count < min_accounts,
            rate=None if count < min_accounts else _estimate(weight, a + saved, b + count - saved),
        )
        for play, (count, saved) in counted.items()
    )


def _estimate(weight: Floats, saved: Floats, lost: Floats) -> Estimate:
    """Of a mixture of beta distributions."""

    def below(value: float) -> float:
        return float(weight @ betainc(saved, lost, value))

    quarter, low, high = (quantile(below, share, 0.0, 1.0) for share in (QUARTER, LOW, HIGH))
    return Estimate(mean=float(weight @ (saved / (saved + lost))), lower_quartile=quarter, low=low, high=high)
