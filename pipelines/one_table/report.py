"""What `tenure train-table` prints and writes to `report.txt`: in the language asked for."""

import math
from pathlib import Path

from features.languages import LANGUAGES, Language
from features.said import Said
from models.evaluation import Evaluation
from pipelines.one_table import words
from pipelines.one_table.result import TableResult
from serving.table_card.document import FILES as CARDS

FILES: dict[Language, str] = {"en": "report.txt", "es": "report.es.txt"}
TOP_COLUMNS = 10
GAP = 2
CELL_WIDTH = 23


def text(result: TableResult, language: Language) -> str:
    """The report: what it learned from, how it did beside simpler ways, the gate, what moves the score, the notes."""

    def say(said: Said, **values: object) -> str:
        return said.filled(**values).in_language(language)

    model, table = result.training.model, result.training.table
    rows, churned = len(table.known), int(table.events(table.known).sum())
    blend = words.BLEND.filled(share=model.anchor_share, trees=model.fingerprint["trees"])
    kind = words.ANCHOR if model.kind == "anchor" else blend
    lines = [
        say(words.HEAD, rows=rows, churned=churned, share=churned / rows, kind=kind),
        "",
        *_measured(result, language),
        "",
        result.gate.as_text(language),
        "",
        say(words.PUSHES),
    ]
    lines += [say(words.PUSH, size=size, column=column) for column, size in result.columns()[:TOP_COLUMNS]]
    lines += [say(words.NOTE, note=note) for note in result.notes]
    where = say(words.WRITTEN, out=result.out) + (say(words.LOGGED, run=result.run_id) if result.run_id else "")
    card = say(words.CARD, file=Path(result.out, CARDS[language]))
    return "\n".join([*lines, "", f"{where}.", card])


def refused(result: TableResult, language: Language) -> str:
    """What fell short; empty when the gate is passed."""
    return "" if result.gate.passed else words.REFUSED.filled(why=result.gate.fell_short).in_language(language)


def _measured(result: TableResult, language: Language) -> list[str]:
    evaluation, table = result.training.evaluation, result.training.table
    if evaluation.predictions.empty:
        return [words.NOT_TESTED.in_language(language)]
    how = words.FORWARD if table.time is not None else words.OUT_OF_FOLD
    whom = words.BY_GROUP if table.grouped else words.BY_CUSTOMER
    head = words.TESTED.filled(how=how, folds=len(evaluation.origins), whom=whom).in_language(language)
    there = [name for name in words.RANKINGS if name in set(evaluation.metrics["model"])]
    width = max(len(each.in_language(known)) for each in words.RANKINGS.values() for known in LANGUAGES) + GAP
    lines = [head, " " * width + "".join(f"{each.in_language(language):>{CELL_WIDTH}}" for each in words.METRICS.values())]
    for name in there:
        cells = [_cell(evaluation, name, metric).in_language(language) for metric in words.METRICS]
        lines.append(
            f"{words.RANKINGS[name].in_language(language):<{width}}" + "".join(f"{cell:>{CELL_WIDTH}}" for cell in cells)
        )
    error, chance = (evaluation.value("model", f"calibration_error{end}") for end in ("", "_by_chance"))
    lines.append(words.CALIBRATION.filled(error=error, chance=chance).in_language(language))
    return [*lines, *(said.in_language(language) for said in random_split(result))]


def random_split(result: TableResult) -> list[Said]:
    """What a random split would have claimed, as a warning where it is more; none where that is no other split."""
    gap, forward = result.training.split_gap, result.training.table.time is not None
    if gap is None:
        return []
    return [
        (words.RANDOM_SPLIT if gap.claims_more else words.NO_RANDOM_GAIN).filled(
            random=gap.random_auc,
            random_precision=gap.random_average_precision,
            honest=gap.auc,
            honest_precision=gap.average_precision,
            rows=gap.rows,
            how=words.FORWARD if forward else words.GROUPS_APART,
            what=words.LATER_ROWS if forward else words.ROWS_OF_GROUP,
        )
    ]


def _cell(evaluation: Evaluation, ranking: str, metric: str) -> Said:
    """One value with its interval; a dash when it was not measured."""
    value, (low, high) = evaluation.value(ranking, metric), evaluation.bounds(ranking, metric)
    return words.NO_CELL if math.isnan(value) else words.CELL.filled(value=value, low=low, high=high)
