"""One month of each hidden cause. The log and the futures (`features.world.lives`) both move by these rules and no others.

Arrays of any one shape, one entry a life: an account, or an account in one of several possible futures.
"""

import numpy as np

from features.world.clock import Bools, Floats

FEWEST_MONTHS_A_CHAMPION = 12
SUPPORT_MEMORY = 0.6
ADOPTION_MEMORY = 0.6
ADOPTION_LAG = 2


def shock(now: Floats, sets_in: Floats, set_in_before: Floats, months: float) -> Floats:
    """Adoption: a shock comes over two months and fades by exp(-1/months) a month."""
    result: Floats = now * np.exp(-1 / months) + sets_in * 0.5 + set_in_before * 0.5
    return result


def shock_shows(now: Floats) -> Floats:
    """What shows of it: nothing below .2, and at most 1.5."""
    return np.where(now < 0.2, 0, np.minimum(now, 1.5))


def spell(target: Floats, now: Floats, starts: Bools, ends: Bools, strength: Floats) -> tuple[Floats, Floats]:
    """(target, now) of a spell of one strength that begins, goes on or ends, and ebbs away in two months."""
    target = np.where(target > 0, np.where(ends, 0, target), starts * strength)
    now = now + 0.65 * (target - now)
    return target, np.where(now < 0.12, 0, now)


def incidents_expected(friction: Floats) -> Floats:
    """Incidents a month at a support friction."""
    result: Floats = 0.06 + 1.8 * friction
    return result


def support_shows(smoothed: Floats) -> Floats:
    """The level of support trouble after the smoothed number of incidents."""
    return np.clip(smoothed - 0.5, 0, 1.6)


def champion(since: Floats, fast: Bools, leaves: Bools, soon: Bools) -> tuple[Bools, Floats, Bools]:
    """(gone now, months since the last exit, whether a successor comes soon): exits are at least 12 months apart."""
    gone = leaves & (since >= FEWEST_MONTHS_A_CHAMPION)
    return gone, np.where(gone, 0.0, since + 1), np.where(gone, soon, fast)


def champion_missed(since: Floats, fast: Bools, alone: Floats, months: float) -> Floats:
    """The loss weighs more where we know few people (`alone`) and no successor comes soon."""
    loss = np.exp(-since / months) * alone * np.where(fast, 0.85, 1.15)
    return np.where(loss < 0.12, 0, loss)


def health(now: Floats, noise: Floats, keep: float) -> Floats:
    """AR(1) with mean 0 and standard deviation 1."""
    result: Floats = keep * now + np.sqrt(1 - keep**2) * noise
    return result


def smoothed(now: Floats, value: Floats, keep: float) -> Floats:
    """Exponential mean over the months: keep x before + (1 - keep) x now."""
    result: Floats = keep * now + (1 - keep) * value
    return result
