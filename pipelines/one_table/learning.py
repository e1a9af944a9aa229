"""The verb `train-table` without its door: read, train, judge, write, log."""

import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from features.errors import BadInput
from models.errors import UnableToTrain
from models.tabular.storage import to_dir
from models.tabular.training import TableTraining, train_table
from pipelines import plots, tracking
from pipelines.home import Home
from pipelines.lineage import code_version
from pipelines.one_table import report
from pipelines.one_table.card import card_of, write_card
from pipelines.one_table.reading import Asked, read_table
from pipelines.one_table.result import TableResult
from pipelines.params import Params
from pipelines.record import known, named_metrics

FEW_ROWS = 20
KINDS = (".csv", ".gz", ".parquet", ".tsv", ".txt")
MODEL, PICTURE = "model", "reliability.png"


def learn_table(
    file: Path, asked: Asked, out: Path | None, home: Home, params: Params, progress: Callable[[str, int, int], None]
) -> TableResult:
    """Train on FILE, write what came out to `out` (default: `HOME/tables/<name of FILE>`) and log it as one run.

    `BadInput` says what is wrong with the file or that too little is in it.
    """
    progress("reading", 0, 1)
    read = read_table(file, asked)
    try:
        training = train_table(read.table, params, label_days=asked.label_days, progress=progress)
    except UnableToTrain as error:
        raise BadInput(f"no model can be trained: {error}") from error
    folder = out if out is not None else home.tables / _name(file)
    result = TableResult(read, training, training.judged(params), params.table, str(folder))
    code = code_version()
    card = card_of(result, file, asked, params, code)
    with TemporaryDirectory(prefix="tenure-") as scratch:
        record, model = Path(scratch, "record"), Path(scratch, "model")
        record.mkdir()
        write_figures(result, record)
        write_card(card, record)
        to_dir(training.model, model)
        run = tracking.log_table(
            training.model,
            read.table.frame[[feature.name for feature in read.table.features]].head(FEW_ROWS),
            files=record,
            data=model,
            metrics=known(named_metrics(training.evaluation) | _controls(training)),
            asked={name: str(value) for name, value in asdict(asked).items() if value},
            tags={"data": training.model.fingerprint["data"], "code": code, "params": params.fingerprint},
            home=home,
            params=params,
        )
    result = replace(result, run_id=run)
    if (folder / MODEL).is_dir():
        shutil.rmtree(folder / MODEL)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PICTURE).unlink(missing_ok=True)
    write_figures(result, folder)
    write_card(card, folder)
    write_rows(result, folder)
    to_dir(training.model, folder / MODEL)
    return result


def _controls(training: TableTraining) -> dict[str, float]:
    """The negative controls by name, as the run keeps them."""
    gap = training.split_gap
    return {"permuted_auc": training.hygiene.permuted_auc} | ({} if gap is None else {"random_split.auc": gap.random_auc})


def _name(file: Path) -> str:
    """The file's name without the endings that tell its kind."""
    name = file.name
    while Path(name).suffix.lower() in KINDS:
        name = Path(name).stem
    return name


def write_rows(result: TableResult, folder: Path) -> None:
    """Predictions and pushes, a row a customer and column: they hold cells of the table and stay beside it."""
    result.predictions().to_parquet(folder / "predictions.parquet", index=False)
    result.push_table().to_parquet(folder / "pushes.parquet", index=False)


def write_figures(result: TableResult, folder: Path) -> None:
    """Report in both languages, metrics, folds, calibration (table and picture) and the gate's verdict: `docs/outputs.md`."""
    evaluation = result.training.evaluation
    evaluation.metrics.to_csv(folder / "metrics.csv", index=False)
    evaluation.origins.to_csv(folder / "folds.csv", index=False)
    evaluation.calibration.to_csv(folder / "calibration.csv", index=False)
    (folder / "gate.json").write_text(result.gate.as_json(), encoding="utf-8")
    for language, name in report.FILES.items():
        (folder / name).write_text(report.text(result, language) + "\n", encoding="utf-8")
    bins = evaluation.calibration
    if len(bins):
        predicted, observed, counts = (bins[name].tolist() for name in ("predicted", "observed", "n"))
        tested = "out of time" if result.training.table.time is not None else "out of fold"
        plots.reliability(predicted, observed, counts, folder / PICTURE, tested=tested)
