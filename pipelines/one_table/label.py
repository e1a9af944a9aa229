"""What a column of outcomes says of each row: left, stayed, or nothing yet."""

import numpy as np
import pandas as pd

from features.errors import BadInput
from models.periods import Floats
from pipelines.mapping.names import folded
from pipelines.mapping.vocabulary import vocabulary

SHOWN_VALUES = 6
LEAVING = {  # words of a column's name after which "yes" means that the customer left
    *("churn", "churned", "left", "leaver", "leavers", "attrition", "cancelled", "canceled", "lost", "exited", "terminated"),
    *("baja", "abandono", "abandonado", "cancelado", "cancelada", "perdido", "perdida", "fuga", "desercion"),
}
STATES = {"activo", "active", "enabled", "inactivo", "inactive", "disabled"}  # true of those that stayed


def churned_of(column: pd.Series, positive: str | None) -> Floats:
    """1 where the row left, 0 where it stayed, NaN where the cell is empty.

    `positive` is the value of those that left, all others stayed; without it there must be two values whose meaning is known:
    churned / renewed … in English and Spanish, or 1 / 0, yes / no … in a column whose name speaks of leaving.
    `BadInput` says what else was found.
    """
    words = column.map(_word, na_action="ignore")
    values = sorted(words.dropna().unique())
    if len(values) < 2:
        only = f"only {values[0]!r}" if values else "no value at all"
        raise BadInput(f"--label {column.name} holds {only}: both customers that left and that stayed are needed.")
    if positive is not None:
        if positive not in values:
            raise BadInput(f"--positive {positive!r} is no value of {column.name}; it has {_listed(values)}.")
        meant = {value: float(value == positive) for value in values}
    else:
        meant = _meant(str(column.name), values)
    return np.asarray(words.map(meant).to_numpy(dtype=np.float64, na_value=np.nan))


def _meant(name: str, values: list[str]) -> dict[str, float]:
    outcomes, flags = vocabulary().values["renewals.outcome"], vocabulary().flags
    found = {}
    for value in values:
        word = folded(value)
        if word in outcomes:
            found[value] = float(outcomes[word] == "churned")
        elif word in flags and word not in STATES and LEAVING & set(folded(name).split()):
            found[value] = float(flags[word] == "true")
    if len(values) != 2 or sorted(found.values()) != [0.0, 1.0]:
        raise BadInput(f"--label {name} holds {_listed(values)}: say which of them means that a customer left, with --positive.")
    return found


def _word(cell: object) -> str:
    """A whole number without its point: 1 and 1.0 are one value."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _listed(values: list[str]) -> str:
    more = f" and {len(values) - SHOWN_VALUES} more" if len(values) > SHOWN_VALUES else ""
    return ", ".join(repr(value) for value in values[:SHOWN_VALUES]) + more
