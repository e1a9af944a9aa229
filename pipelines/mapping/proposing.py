"""A mapping proposed for a folder or a database, from what is looked at in it."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.tables import TABLES
from pipelines.mapping.choosing import Choice, choose, share_inside
from pipelines.mapping.columns import UNPLACED, offered_attributes, own_names, suggestion, unused
from pipelines.mapping.habits import Habits, habits
from pipelines.mapping.joining import first_term, split_columns, through
from pipelines.mapping.knowledge import known_at
from pipelines.mapping.looking import FileLook, look
from pipelines.mapping.matching import Fit
from pipelines.mapping.outcomes import churn_words, derived_renewals, end_of_term
from pipelines.mapping.proposal import PartProposal, Proposal, Suggestion
from pipelines.mapping.terms import currency, term_key, yearly_money
from pipelines.params import MappingParams
from pipelines.sources.csv_file import CONTRACT
from pipelines.sources.mapping_cell import OPEN
from pipelines.sources.place import Place


def propose(where: Place, params: MappingParams) -> Proposal:
    """Look at every file of the place and propose how it fits the contract; what is not sure is left open.

    `BadInput` when nothing can be read, or no file looks like accounts.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        looks, problems = look(connection, where, params)
        if not any(each.rows for each in looks):
            told = "".join(f"\n  {problem}" for problem in problems)
            raise BadInput(f"{where.shown}: no file holds a row that can be read.{told or ' Every file is empty.'}")
        return _Proposing(connection, where, looks, params).run(problems)
    finally:
        connection.close()


class _Proposing:
    def __init__(self, connection: DuckDBPyConnection, where: Place, looks: Sequence[FileLook], params: MappingParams) -> None:
        self.connection = connection
        self.where = where
        self.looks = [each for each in looks if each.rows]
        self.empty = [each.name for each in looks if not each.rows]
        self.params = params

    def run(self, problems: Sequence[str]) -> Proposal:
        choice = choose(self.looks, self.where.shown, problems, self.params)
        parts = [part for name in TABLES for part in self._table(choice.of(name), choice)]
        if not any(part.table == "renewals" for part in parts):
            made = derived_renewals(choice, self.looks, self.params)
            parts += [made] if made else []
        parts.sort(key=lambda part: list(TABLES).index(part.table))
        there = {part.table for part in parts}
        return Proposal(
            shown=self.where.shown,
            parts=tuple(parts),
            layouts={each.name: each.layout for each in self.looks if each.layout != CONTRACT},
            missing=tuple(sorted({blank for each in self.looks for column in each.columns for blank in column.blanks})),
            undecided={
                name: ", ".join(f"{each.table.name} ({each.likeness:.2f})" for each in fits)
                for name, fits in choice.undecided.items()
            },
            unplaced=(*choice.unplaced, *(f"{name} (no rows)" for name in self.empty)),
            lacking=tuple(name for name, table in TABLES.items() if table.required and name not in there),
            problems=tuple(problems),
        )

    def _table(self, fits: list[Fit], choice: Choice) -> list[PartProposal]:
        """The parts of one table: a file that only adds columns to another is joined to it."""
        fits = sorted(fits, key=lambda each: (-_required(each), each.file.name))
        beside: dict[str, list[tuple[str, list[Suggestion]]]] = {}
        whole: list[Fit] = []
        for each in fits:
            for first in whole:
                added = split_columns(self.connection, first, each, self.params, habits(each.file, self.looks))
                if added is not None:
                    beside.setdefault(first.file.name, []).append((each.file.name, added))
                    break
            else:
                whole.append(each)
        return [self._part(each, choice, beside.get(each.file.name, [])) for each in whole]

    def _part(self, fit: Fit, choice: Choice, beside: list[tuple[str, list[Suggestion]]]) -> PartProposal:
        table, file = fit.table, fit.file
        ways = habits(file, self.looks)
        found = [suggestion(fit, column, self.params, ways) for column in table.columns]
        columns = [each for each in found if each is not None]
        columns = [self._completed(each, fit, choice) for each in columns]
        for extra in (each for _, added in beside for each in added):
            columns = [each for each in columns if each.name != extra.name] + [extra]
        money = currency(fit, columns) if table.name == "subscriptions" else None
        columns = [each for each in columns if not money or each.name != "currency"] + ([money] if money else [])
        order = [column.name for column in table.columns]
        columns.sort(key=lambda each: order.index(each.name))
        columns = self._checked_account(columns, fit, choice)
        known, stand_in, note = known_at(file, table, columns, self.params, ways)
        columns += [*([known] if known else []), *own_names(fit)]
        left = unused(fit, {name for each in columns for name in _sources(each)})
        if table.name == "accounts":
            columns += offered_attributes(left)
            left = tuple(each for each in left if each[1] != UNPLACED)
        notes = [note] if note else []
        notes += [f"{name} has the same accounts and adds {len(added)} columns." for name, added in beside]
        return PartProposal(
            table.name, file.name, file.rows, fit.likeness, tuple(columns), left, stand_in=stand_in, notes=tuple(notes)
        )

    def _completed(self, each: Suggestion, fit: Fit, choice: Choice) -> Suggestion:
        """A required column that is open, from elsewhere if it can be had."""
        match = fit.match(each.name)
        if each.said != OPEN or (match is not None and match.likeness >= self.params.sure):  # several fit: a person's choice
            return each
        made = None
        if each.name == "account_id" and fit.table.name != "accounts":
            made = through(self.connection, fit.file, each.name, choice, self.params)
        elif each.name == "created_at" and fit.table.name == "accounts":
            made = first_term(self.connection, fit, choice, self.params)
        elif fit.table.name == "subscriptions":
            made = {"arr": yearly_money, "subscription_id": term_key}.get(each.name, _nothing)(
                fit, self.params, habits(fit.file, self.looks)
            )
        elif (fit.table.name, each.name) == ("renewals", "outcome"):
            made = churn_words(fit)
        elif (fit.table.name, each.name) == ("renewals", "renews_at"):
            made = through(self.connection, fit.file, each.name, choice, self.params) or end_of_term(each, fit)
        return made or each

    def _checked_account(self, columns: list[Suggestion], fit: Fit, choice: Choice) -> list[Suggestion]:
        """The account of a row must be one of the accounts: how many are is said, and few make the place open."""
        accounts = choice.of("accounts")[0]
        key = accounts.match("account_id")
        if fit.table.name == "accounts" or key is None:
            return columns
        done = []
        for each in columns:
            if each.name == "account_id" and isinstance(each.said, str) and each.state == "sure":
                share = share_inside(self.connection, fit.file, each.said, accounts.file, key.column)
                why = f"{each.why}; {share:.0%} of them are in {accounts.file.name}"
                said = each.said if share >= self.params.possible else OPEN
                why += "" if share >= self.params.possible else f"; could be {each.said}"
                done.append(replace(each, said=said, why=why, state="sure" if said != OPEN else "open"))
            else:
                done.append(each)
        return done


def _nothing(_fit: Fit, _params: MappingParams, _ways: Habits) -> None:
    return None


def _required(fit: Fit) -> int:
    return sum(column.required and column.name in fit.chosen for column in fit.table.columns)


def _sources(each: Suggestion) -> set[str]:
    """The columns of its own file that a suggestion uses."""
    if isinstance(each.said, str):
        return {each.said}
    by = each.said.get("by")
    keys = {by} if isinstance(by, str) else set(by or {})
    return keys | ({str(each.said["column"])} if "column" in each.said and "of" not in each.said else set())
