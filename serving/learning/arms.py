"""Who is treated and who is held out, so that a play's effect can be measured."""

import hashlib
from typing import Literal

Arm = Literal["treated", "holdout"]

_BUCKETS = 2**64


def assign_arm(account_id: str, play: str, share: float, seed: int) -> Arm:
    """The arm of one account for one play: always the same for the same arguments, held out with probability `share`.

    A share of 0 treats everybody. `ValueError` when share is outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(f"hold-out share is {share}; set learning.holdout_share between 0 and 1")
    digest = hashlib.sha256(f"{seed}\x1f{play}\x1f{account_id}".encode()).digest()
    return "holdout" if int.from_bytes(digest[:8]) < share * _BUCKETS else "treated"
