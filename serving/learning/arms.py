"""Who is treated and who is held out, so that a play's effect can be measured.

An *episode* begins on the first day on which an eligible account is recommended a play, and lasts `learning.window_days`: as long
as the outcome is watched. Its arm is drawn once and holds to its end, whatever play is recommended meanwhile; the effect is
counted for the play of its first day. The first recommendation after its end begins the next, drawn anew.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import Literal

Arm = Literal["treated", "holdout"]
Exempt = Literal["large", "play", "waiting"]

_BUCKETS = 2**64


@dataclass(frozen=True)
class Candidate:
    """An account with a recommended play.

    `exempt`: why it is not held out (too large, such a play, or an effort that
    is under way or was over too shortly ago for a new one); None: it may be.
    """

    account_id: str
    playbook: str
    stratum: str
    exempt: Exempt | None


@dataclass(frozen=True)
class Episode:
    """One account's assignment: its first day, the play of that day, its stratum, P(held out) then, and the arm drawn."""

    account_id: str
    began: date
    playbook: str
    stratum: str
    propensity: float
    arm: Arm


@dataclass(frozen=True)
class Assigned:
    """The arm of the day, and the episode it comes from; without one the account is exempt, and treated."""

    arm: Arm
    episode: Episode | None


def assign(
    candidates: Sequence[Candidate], episodes: Mapping[str, Episode], *, as_of: date, share: float, seed: int
) -> dict[str, Assigned]:
    """The arm of every candidate by account; `episodes` are those that last on the day. A share of 0 holds nobody new out.

    New episodes are drawn stratum by stratum: the share of each that is held out is `share` to within one account, and every
    account has the same chance. The same arguments give the same arms. `ValueError` when share is outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(f"hold-out share is {share}; set learning.holdout_share between 0 and 1")
    eligible = [each for each in candidates if each.exempt is None]
    new = [each for each in eligible if each.account_id not in episodes]
    held = {account for stratum in _by_stratum(new).values() for account in _held_out(stratum, as_of, share, seed)}
    drawn = {
        each.account_id: Episode(
            each.account_id, as_of, each.playbook, each.stratum, share, "holdout" if each.account_id in held else "treated"
        )
        for each in new
    }
    lasting = {each.account_id: episodes.get(each.account_id) or drawn[each.account_id] for each in eligible}
    return {
        each.account_id: Assigned("treated", None)
        if each.exempt is not None
        else Assigned(lasting[each.account_id].arm, lasting[each.account_id])
        for each in candidates
    }


def lasting(found: Iterable[Episode], as_of: date, window_days: int) -> dict[str, Episode]:
    """The episode of each account that lasts on the day, by account.

    When a missed day is scored later, one that began after it, less than a window away, holds too: else the two would overlap.
    """
    near = [each for each in found if abs((as_of - each.began).days) < window_days]
    by_nearness = sorted(near, key=lambda each: (each.began > as_of, abs((as_of - each.began).days)))
    episodes: dict[str, Episode] = {}
    for each in by_nearness:
        episodes.setdefault(each.account_id, each)
    return episodes


def _by_stratum(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    strata: dict[str, list[Candidate]] = {}
    for each in candidates:
        strata.setdefault(each.stratum, []).append(each)
    return strata


def _held_out(candidates: Sequence[Candidate], as_of: date, share: float, seed: int) -> list[str]:
    """The accounts held out of one stratum on one day: the share of them, rounded up or down by chance."""
    count = floor(len(candidates) * share + _chance(seed, as_of, candidates[0].stratum))
    in_order = sorted(candidates, key=lambda each: (_chance(seed, as_of, each.account_id, each.playbook), each.account_id))
    return [each.account_id for each in in_order[:count]]


def _chance(*what: object) -> float:
    """A number in [0, 1), always the same for the same arguments."""
    digest = hashlib.sha256("\x1f".join(map(str, what)).encode()).digest()
    return int.from_bytes(digest[:8]) / _BUCKETS
