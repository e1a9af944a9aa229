"""The facts of a table's model card, taken from what was learned, and the card's files."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from features.said import Said
from models.encoding import numbers
from models.evaluation import FEW_CHURNED
from models.tabular.words import LEFT_OUT
from pipelines.card_parts import bins_of, cells_of, controls_of, gains_of, swarm_of
from pipelines.one_table.reading import Asked
from pipelines.one_table.result import TableResult
from pipelines.params import Params
from pipelines.pushes import MOST_ACCOUNTS, Pushes
from serving.table_card.document import FILES, table_document
from serving.table_card.facts import Check, ColumnFact, GroupFact, LabelFact, LeftOut, TableFacts, TimeFact, write
from serving.wording import Text

DRAWN = ("model", "best_column")


def card_of(result: TableResult, file: Path, asked: Asked, params: Params, code: str) -> TableFacts:
    """Everything the card shows; `code` is the version of the code. What could not be measured is left out of it."""
    training, table = result.training, result.training.table
    model, found, known = training.model, training.evaluation, training.table.known
    left_out = {LEFT_OUT.filled(column=each.column, why=each.why) for each in table.dropped}
    return TableFacts(
        file=file.name,
        label=LabelFact(asked.label, asked.positive),
        group=_group(result, asked),
        time=_time(result, asked),
        rows=len(known),
        churned=int(table.events(known).sum()),
        to_score=len(table.frame) - len(known),
        kind=model.kind,
        anchor_share=model.anchor_share,
        capacity_share=params.decision.capacity_share,
        few_churned=FEW_CHURNED,
        folds=len(found.origins),
        tested_rows=training.measured.predictions["row"].nunique() if len(training.measured.predictions) else 0,
        tested_churned=found.churned_accounts,
        columns=_columns(result),
        left_out=(
            *(LeftOut(each.column, _text(each.why)) for each in table.dropped),
            *(LeftOut(name, None) for name in asked.drop),
        ),
        metrics=cells_of(found.metrics),
        bins=bins_of(found),
        gains=gains_of(found, DRAWN),
        swarm=swarm_of(_pushes(result), {}),
        controls=controls_of(training.hygiene, training.split_gap),
        gate=tuple(Check(each.check, bool(each.passed), _text(each.said)) for each in result.gate.reasons),
        data_notes=tuple(map(_text, result.read.notes)),
        training_notes=tuple(_text(note) for note in training.notes if note not in left_out),
        fingerprints={"data": str(model.fingerprint["data"]), "code": code, "params": params.fingerprint},
    )


def write_card(facts: TableFacts, folder: Path) -> None:
    """`card.json`, and `card.<language>.html` in every language."""
    write(facts, folder)
    for language, name in FILES.items():
        (folder / name).write_text(table_document(facts, language), encoding="utf-8")


def _group(result: TableResult, asked: Asked) -> GroupFact | None:
    if asked.group is None:
        return None
    table = result.training.table
    return GroupFact(asked.group, len(np.unique(table.group[table.known])), table.churned_groups(table.known))


def _time(result: TableResult, asked: Asked) -> TimeFact | None:
    """Of the rows with an outcome; days as days, numbers as numbers."""
    if asked.time is None:
        return None
    seen = result.read.names["time"].iloc[result.training.table.known]
    first, last = (_moment(each) for each in (seen.min(), seen.max()))
    return TimeFact(asked.time, first, last, asked.label_days)


def _moment(value: float | pd.Timestamp) -> date | float:
    return value.date() if isinstance(value, pd.Timestamp) else float(value)


def _columns(result: TableResult) -> tuple[ColumnFact, ...]:
    """The columns learned from, that with the largest mean push first."""
    table = result.training.table
    features = {each.name: each for each in table.features}
    return tuple(
        ColumnFact(
            name=name,
            category=features[name].category,
            direction=features[name].direction,
            known=float(table.frame[name].notna().mean()),
            push=round(size, 6),
        )
        for name, size in result.columns()
    )


def _pushes(result: TableResult) -> Pushes:
    """What each column adds to the calibrated log-odds of at most a thousand rows, evenly spaced."""
    model, frame = result.training.model, result.training.table.frame
    some = frame.iloc[:: max(1, -(-len(frame) // MOST_ACCOUNTS))]
    push, base = model.pushes(some)
    known = [np.full(len(some), np.nan) if each.category else numbers(some, each.name) for each in model.features]
    return Pushes(tuple(each.name for each in model.features), push, np.column_stack(known), base)


def _text(said: Said) -> Text:
    return Text(en=said.en, es=said.es)
