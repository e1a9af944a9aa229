"""The flows a person sees in Prefect: one task a stage, again when something outside does not answer, results as artifacts.

They run with no server configured (Prefect starts its own for the run) and against one. Nothing is decided here. A flow that
is given no day takes the one it was scheduled for. `$NAME` in `tables` is read where the flow runs, so that no secret stands
in a deployment.
"""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pipelines.params import FlowsParams, Params, load
from pipelines.telemetry import silence

silence()
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", str(load(None).flows.server_start_seconds))

from prefect import Task, flow, get_run_logger  # noqa: E402 - after what it reads on import
from prefect.artifacts import create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.runtime import flow_run  # noqa: E402
from prefect.states import Completed, State  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402
from prefect.tasks import exponential_backoff  # noqa: E402

from models.assessment import Assessed  # noqa: E402
from pipelines import candidate, steps, tracking, wording  # noqa: E402
from pipelines.home import DEFAULT, Home  # noqa: E402
from pipelines.missed import missed_days  # noqa: E402
from pipelines.partitions import Assess, Part, Spread  # noqa: E402
from pipelines.stages import may_pass, tellable  # noqa: E402
from serving.delivery import DeliveryReport  # noqa: E402
from serving.sink import SinkUnavailableError  # noqa: E402

P = ParamSpec("P")
R = TypeVar("R")
SHOWN_ACCOUNTS = 25


@flow(name="tenure retrain")  # type: ignore[untyped-decorator]  # mypy does not follow prefect
def retrain(
    tables: str, until: date | None = None, source: str = "contract", home: Path = DEFAULT, settings: Path | None = None
) -> State[Any]:
    """Train on what was known before `until`, log it, and let the gate decide; refused candidates end the flow as Refused."""
    place, params, day = Home(home), load(settings), until or _scheduled_day()
    prepared = stage(steps.prepare, params.flows)(os.path.expandvars(tables), source, place, params)
    _show_check(prepared)
    rival = stage(candidate.rival, params.flows)(place)
    learned = stage(steps.train, params.flows)(prepared, day, params, None, _log_progress, rival)
    found = stage(candidate.keep, params.flows)(learned, place, params, register=True)
    create_table_artifact(key="model-comparison", table=found.comparison(), description="Out of time, with 95 % intervals")
    create_markdown_artifact(key="gate", markdown=found.markdown(), description="What the gate asked and found")
    refused = prepared.report.refusal(place.rejects, found.refused)
    return Completed(name="Refused", message=refused) if refused else Completed(message=found.where)


@flow(name="tenure score")  # type: ignore[untyped-decorator]  # mypy does not follow prefect
def score(
    tables: str,
    out: Path,
    as_of: date | None = None,
    source: str = "contract",
    home: Path = DEFAULT,
    settings: Path | None = None,
) -> State[Any]:
    """Score and explain the day with the champion, the accounts in parallel parts, and publish it to the store.

    Days that were missed since the newest published one are caught up first, in their order; `out` holds the last of all. What
    is open after saves and losses is kept for the pages.
    """
    place, params, day = Home(home), load(settings), as_of or _scheduled_day()
    prepared = stage(steps.prepare, params.flows)(os.path.expandvars(tables), source, place, params)
    _show_check(prepared)
    champion = stage(tracking.serving, params.flows)(place)
    every, most = params.flows.score_every_days, params.flows.catch_up_days
    for each in (*missed_days(place, day, every_days=every, most=most), day):
        before = stage(steps.experience, params.flows)(place, each, params)
        batch = stage(steps.score, params.flows)(
            prepared, each, out, champion.model, champion.version, params, _log_progress, spread_over(params.flows), before
        )
        nobody = stage(steps.publish, params.flows)(batch, place)
    stage(steps.refresh_after, params.flows)(prepared, day, place, params)
    text = wording.score_text(batch, out)
    create_table_artifact(key="arr-at-risk", table=wording.at_risk(batch, SHOWN_ACCOUNTS), description=text)
    refused = prepared.report.refusal(place.rejects, nobody)
    return Completed(name="Refused", message=refused) if refused else Completed(message=text.splitlines()[0])


@flow(name="tenure deliver")  # type: ignore[untyped-decorator]  # mypy does not follow prefect
def deliver(scores: Path, sink: str, home: Path = DEFAULT, settings: Path | None = None, out: Path | None = None) -> State[Any]:
    """Write what changed since the last delivery; a target that is gone is tried again, rows it refused are told."""
    place, params = Home(home), load(settings)
    report = stage(deliver_all, params.flows)(scores, sink, place, params, out)
    refused = wording.delivery_refused(report, dry_run=False)
    create_table_artifact(key="delivery", table=wording.delivery_rows(report, place), description=refused or "complete")
    return Completed(name="Incomplete", message=refused) if refused else Completed()


def stage(step: Callable[P, R], params: FlowsParams) -> Task[P, R]:
    """A task that runs a step, and runs it again while something outside does not answer."""

    @wraps(step)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except Exception as error:
            said = tellable(error)
            if said is error:
                raise
            raise said from None

    return Task(
        told,
        name=step.__name__,
        retries=params.retries,
        retry_delay_seconds=exponential_backoff(params.retry_delay_seconds),
        retry_condition_fn=_outside,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


def deliver_all(scores: Path, sink: str, home: Home, params: Params, out: Path | None) -> DeliveryReport:
    """`steps.deliver`, with a target that is gone as an error: through the ledger it is safe to try again."""
    report = steps.deliver(scores, sink, home, params, dry_run=False, out=out)
    if report.stopped:
        raise SinkUnavailableError(report.stopped)
    return report


def spread_over(params: FlowsParams) -> Spread:
    """Parts of the accounts as mapped tasks, `workers` at a time."""

    def spread(assess: Assess, parts: Sequence[Part]) -> list[Assessed]:
        with ThreadPoolTaskRunner(max_workers=params.workers) as runner:
            task = stage(assess, params)
            futures = [runner.submit(task, {"part": part}) for part in parts]
            return [future.result() for future in futures]

    return spread


def _scheduled_day() -> date:
    """The day in UTC that the run was scheduled for: a run that is late, or tried again, keeps it."""
    scheduled: datetime = flow_run.scheduled_start_time
    return scheduled.astimezone(UTC).date()


def _outside(_task: Any, _run: Any, state: State[Any]) -> bool:
    return may_pass(state.data if isinstance(state.data, BaseException) else None)


def _log_progress(name: str, done: int, total: int) -> None:
    get_run_logger().info("%s %d of %d", name, done, total)


def _show_check(prepared: steps.Prepared) -> None:
    create_table_artifact(key="tables", table=wording.check_rows(prepared.report), description="Rows by table")
