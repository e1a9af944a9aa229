"""The outcome of terms where no file of outcomes says it: from the day an account left, as the mapping can say it."""

from collections.abc import Sequence

from features.sql import literals, quoted
from features.tables import RENEWALS
from pipelines.mapping.choosing import Choice
from pipelines.mapping.columns import shown
from pipelines.mapping.habits import Habits, habits
from pipelines.mapping.knowledge import delayed, whole
from pipelines.mapping.looking import FileLook, Look
from pipelines.mapping.matching import Fit
from pipelines.mapping.names import nearest
from pipelines.mapping.proposal import PartProposal, Suggestion, says_open
from pipelines.mapping.vocabulary import vocabulary
from pipelines.params import MappingParams
from pipelines.sources.mapping_cell import OPEN


def churn_words(fit: Fit) -> Suggestion | None:
    """Every row is a churn, in a file that by its name or the name of its day holds nobody but those who left."""
    decided = fit.match("decided_at")
    day = fit.file.column(decided.column).words if decided else ()
    if nearest(day, vocabulary().left) < 1 and not set(fit.file.words) & {"churn", "baja", "cancellation", "cancelacion"}:
        return None
    why = "the file is one of customers who left: every row is a churn. Renewals and reductions are not in it"
    return Suggestion("outcome", {"value": "churned"}, why, "sure")


def end_of_term(each: Suggestion, fit: Fit) -> Suggestion:
    """The end of the term, open, with what could stand for it."""
    decided = fit.match("decided_at")
    also = f"; could be {decided.column}, if terms end on the day of the decision" if decided else ""
    return Suggestion(each.name, OPEN, f"required: the end of the term that was decided; no column is like it{also}", "open")


def derived_renewals(choice: Choice, looks: Sequence[FileLook], params: MappingParams) -> PartProposal | None:
    """Churns from a column of terms (or of accounts) that says when somebody left; None without one."""
    for table in ("subscriptions", "accounts"):
        for fit in choice.of(table):
            left = _left(fit, params)
            if left is not None:
                return _from(fit, left, habits(fit.file, looks), params)
    return None


def _left(fit: Fit, params: MappingParams) -> Look | None:
    rated = [(nearest(look.words, vocabulary().left), look.name, look) for look in fit.file.columns if look.times]
    likeness, _, look = max(rated, key=lambda each: each[:2], default=(0.0, "", None))
    return look if likeness >= params.sure else None


def _from(fit: Fit, left: Look, ways: Habits, params: MappingParams) -> PartProposal:
    decided, remarks = shown(left, RENEWALS.column("decided_at"), RENEWALS, ways)
    why = "; ".join(["by name, the day the customer left", *remarks])
    columns = [Suggestion("account_id", fit.chosen["account_id"].column, "as in the table it is taken from", "sure")]
    if fit.table.name == "subscriptions" and fit.is_sure("subscription_id", params.sure):
        columns.append(
            Suggestion("subscription_id", fit.chosen["subscription_id"].column, "as in the table it is taken from", "sure")
        )
    end = fit.match("renews_at")
    if end is not None and fit.is_sure("renews_at", params.sure):
        said, _ = shown(fit.file.column(end.column), RENEWALS.column("renews_at"), RENEWALS, ways)
        columns.append(Suggestion("renews_at", said, "the end of the term", "sure"))
    else:
        why_open = f"required: the end of the term that was decided; could be {left.name}, if terms end on that day"
        columns.append(Suggestion("renews_at", OPEN, why_open, "open"))
    columns.append(Suggestion("decided_at", decided, why, "open" if says_open(decided) else "sure"))
    columns.append(Suggestion("outcome", {"value": "churned"}, "only those who left are in it", "sure"))
    keys = {"column": decided} if isinstance(decided, str) else dict(decided)
    delay = {**keys, "plus_days": whole(params.delay_days)}
    columns.append(Suggestion("known_at", delay, "CHECK the delay: when does the company know of it, at the latest?", "sure"))
    notes = (
        f"NO file holds outcomes: those who left are taken from {left.name} of {fit.file.name}.",
        "Renewals, expansions and reductions are not in it: add them if some file knows them.",
    )
    stand_in = f"{delayed(left.name, params)}: no column says when it was learned"
    where = f"{quoted(left.name)} IS NOT NULL"
    where += f" AND trim({quoted(left.name)}) NOT IN ({literals(left.blanks)})" if left.blanks else ""
    return PartProposal("renewals", fit.file.name, fit.file.rows, fit.likeness, tuple(columns), (), where, stand_in, notes)
