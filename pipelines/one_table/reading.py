"""From a file to a table that can be learned from: label, group and time found, dates turned into days, ids left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from features.errors import BadInput
from features.said import Said
from models.periods import Ints
from models.tabular.table import Dropped, Table
from pipelines.one_table import words
from pipelines.one_table.cells import in_days, read_cells
from pipelines.one_table.label import churned_of


@dataclass(frozen=True)
class Asked:
    """What a person said of the columns of FILE. `label_days`: how long after its time a row's outcome was over."""

    label: str
    positive: str | None = None
    group: str | None = None
    time: str | None = None
    label_days: float = 0.0
    drop: tuple[str, ...] = ()
    rising: tuple[str, ...] = ()
    falling: tuple[str, ...] = ()


@dataclass(frozen=True)
class Read:
    """The table; `names` holds what group and time were called in each row; notes in words."""

    table: Table
    names: pd.DataFrame
    notes: tuple[Said, ...]


def read_table(file: Path, asked: Asked) -> Read:
    """Read FILE; `BadInput` says which column or value is wrong and what to do."""
    cells = read_cells(file, [name for name in (asked.group,) if name])
    frame, notes = cells.frame, list(cells.notes)
    _refuse_unknown(file, frame, asked)
    churned = churned_of(frame[asked.label], asked.positive)
    time = _time(frame[asked.time]) if asked.time else None
    days = time if asked.time and pd.api.types.is_datetime64_any_dtype(frame[asked.time]) else None
    used = {name for name in (asked.label, asked.group, asked.time) if name}
    kept, dates = {}, []
    for name in frame:
        column = frame[name]
        if name in used or name in asked.drop:
            continue
        if pd.api.types.is_datetime64_any_dtype(column):
            if days is None:
                dates.append(Dropped(str(name), words.HOLDS_DAYS))
                continue
            column = days - in_days(column)
        kept[str(name)] = column
    directions = {**dict.fromkeys(asked.rising, 1), **dict.fromkeys(asked.falling, -1)}
    group = _codes(frame[asked.group], notes) if asked.group else None
    table = Table.of(
        pd.DataFrame(kept, index=frame.index),
        churned,
        group=group,
        time=None if time is None else np.asarray(time, dtype=np.float64),
        directions=directions,
        dropped=tuple(dates),
    )
    unknown = len(frame) - len(table.known)
    if unknown:
        notes.append(words.NO_OUTCOME_YET.filled(rows=_rows(unknown)))
    if asked.time and not asked.label_days:
        notes.append(words.NO_LABEL_DAYS)
    names = pd.DataFrame({"row": np.arange(1, len(frame) + 1)})
    named = {"group": asked.group, "time": asked.time}
    return Read(table, names.assign(**{key: frame[name].to_numpy() for key, name in named.items() if name}), tuple(notes))


def _refuse_unknown(file: Path, frame: pd.DataFrame, asked: Asked) -> None:
    columns = [str(name) for name in frame]
    given: list[tuple[str, Sequence[str]]] = [
        ("--label", [asked.label]),
        ("--group", [asked.group] if asked.group else []),
        ("--time", [asked.time] if asked.time else []),
        ("--drop", asked.drop),
        ("--rising", asked.rising),
        ("--falling", asked.falling),
    ]
    for option, names in given:
        for name in names:
            if name not in columns:
                near = get_close_matches(name, columns, n=1)
                meant = f"did you mean {near[0]!r}? It has" if near else "it has"
                raise BadInput(f"{option} {name!r} is no column of {file} ({meant} {', '.join(columns)}).")
    if asked.label_days and not asked.time:
        raise BadInput(
            f"--label-days {asked.label_days:g} says how long after a row's time its outcome was over, and no --time was given. "
            "Name the column of that time with --time, or leave --label-days out."
        )
    both = sorted(set(asked.rising) & set(asked.falling))
    if both:
        raise BadInput(f"{both[0]!r} is given as --rising and as --falling. Say one of the two.")
    texts = [n for n in (*asked.rising, *asked.falling) if not pd.api.types.is_numeric_dtype(frame[n])]
    if texts:
        raise BadInput(f"{texts[0]!r} holds no numbers, so it cannot rise or fall. Leave it out of --rising and --falling.")
    roles = [name for name in (asked.label, asked.group, asked.time) if name]
    if len(set(roles)) < len(roles):
        raise BadInput("--label, --group and --time must be different columns.")


def _rows(count: int) -> Said:
    return words.ONE_ROW if count == 1 else words.ROWS.filled(count=count)


def _time(column: pd.Series) -> "pd.Series[float]":
    """Days since 1970 of moments, numbers as they are; every row needs one."""
    days = in_days(column) if pd.api.types.is_datetime64_any_dtype(column) else column
    if not pd.api.types.is_numeric_dtype(days):
        example = next(iter(column.dropna()), "")
        raise BadInput(
            f"--time {column.name} holds {example!r}, which is neither a day nor a number, or day and month cannot be told "
            "apart. Write days as YYYY-MM-DD."
        )
    if days.isna().any():
        first = int(np.flatnonzero(days.isna())[0]) + 1
        raise BadInput(
            f"--time {column.name} is empty in {_rows(int(days.isna().sum())).en}, the first is row {first}. Fill it in."
        )
    return days


def _codes(column: pd.Series, notes: list[Said]) -> Ints:
    """A number a group; a row without one is a group of its own."""
    codes, names = pd.factorize(column)
    alone = np.flatnonzero(codes < 0)
    if len(alone):
        notes.append(words.NO_GROUP.filled(column=column.name, rows=_rows(len(alone))))
    codes = codes.astype(np.int64)
    codes[alone] = len(names) + np.arange(len(alone))
    return codes
