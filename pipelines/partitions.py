"""Accounts in parts by the hash of their id: everything up to an assessment depends on one account's rows alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pandas as pd

from models.assessment import Assessed


@dataclass(frozen=True)
class Part:
    """Some accounts: their matrix rows and, row by row, why one is not scored."""

    rows: pd.DataFrame
    statuses: tuple[str, ...]


Assess = Callable[[Part], Assessed]
Spread = Callable[[Assess, Sequence[Part]], list[Assessed]]


def in_turn(assess: Assess, parts: Sequence[Part]) -> list[Assessed]:
    """One part after the other."""
    return [assess(part) for part in parts]


def parts_of(rows: pd.DataFrame, statuses: "pd.Series[str]", count: int) -> list[Part]:
    """At most `count` parts; an account is in the same one for ever. One part, perhaps empty, when there are no rows."""
    number = np.array([_number(str(account), count) for account in rows["account_id"]], dtype=np.int64)
    found = []
    for each in range(count):
        here = number == each
        if here.any():
            found.append(Part(rows.loc[here].reset_index(drop=True), tuple(statuses[here])))
    return found or [Part(rows, ())]


def joined(found: Sequence[Assessed]) -> Assessed:
    """The parts as if they had been one."""
    order = ["account_id", "as_of"]
    assessments = pd.concat([each.assessments for each in found], ignore_index=True)
    pushes = pd.concat([each.pushes for each in found], ignore_index=True)
    second = pd.concat([each.second for each in found], ignore_index=True)
    return Assessed(
        assessments.sort_values(order, kind="stable", ignore_index=True),
        pushes.sort_values(order, kind="stable", ignore_index=True),
        second.sort_values([*order, "outcome"], kind="stable", ignore_index=True),
    )


def _number(account: str, count: int) -> int:
    return int.from_bytes(blake2b(account.encode(), digest_size=8).digest()) % count
