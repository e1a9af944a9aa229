"""SQL: the table `tenure_risk` in a database of yours, one row an account, SQLite or Postgres."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from serving.recommendation import Recommendation
from serving.sink import Receipt, SinkUnavailableError
from serving.store.engine import connect, hide_password

RISK = Table(
    "tenure_risk",
    MetaData(),
    Column("account_id", String, primary_key=True),
    Column("crm_id", String),
    Column("as_of", Date, nullable=False),
    Column("p_churn_90d", Float),
    Column("risk_band", String),
    Column("driver_1", String),
    Column("driver_2", String),
    Column("playbook", String),
    Column("why_en", Text),
    Column("why_es", Text),
    Column("respond_by", DateTime(timezone=True)),
    Column("first_step_en", Text),
    Column("first_step_es", Text),
    Column("first_step_owner", String),
    Column("first_step_due", Date),
    Column("model_version", String),
    Column("link", Text, nullable=False),
)


class SqlSink:
    """Upserts by account; columns that others added to the table keep their values."""

    name = "sql"
    batch_rows = 500

    def __init__(self, url: str) -> None:
        """Write to the database at `url`; the table is made by the first row. `ValueError` for an address of none."""
        self._engine = connect(url)
        self.target = hide_password(make_url(url).render_as_string())

    def send(self, rows: Sequence[Recommendation]) -> list[Receipt]:
        """Upsert `rows` in one transaction; a row older than the one in the table is refused (`older_than_target`)."""
        try:
            with self._engine.begin() as connection:
                RISK.create(connection, checkfirst=True)
                _refuse_other_shape(connection)
                newer = _newer_than(connection, rows)
                fit = [row for row in rows if row.account_id not in newer]
                _upsert(connection, fit)
        except DBAPIError as error:
            raise self._unavailable(error) from error
        return [_receipt(row, refused=row.account_id in newer) for row in rows]

    def lost(self, rows: Sequence[Recommendation]) -> set[str]:
        """Accounts whose row is gone from the table, all of them when the table is."""
        asked = {row.account_id for row in rows}
        try:
            with self._engine.begin() as connection:
                if not inspect(connection).has_table(RISK.name):
                    return asked
                return asked - set(connection.execute(select(RISK.c.account_id)).scalars())
        except DBAPIError as error:
            raise self._unavailable(error) from error

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _unavailable(self, error: DBAPIError) -> SinkUnavailableError:
        """The error in our words: the driver's own may hold values of the rows."""
        return SinkUnavailableError(
            f"the database {self.target} failed on tenure_risk ({type(error).__name__}); check it and run again"
        )


def _receipt(row: Recommendation, *, refused: bool) -> Receipt:
    if not refused:
        return Receipt(row.account_id, "ok")
    return Receipt(row.account_id, "failed", "older_than_target", f"the table holds a row newer than {row.as_of}")


def _newer_than(connection: Connection, rows: Sequence[Recommendation]) -> set[str]:
    days = {row.account_id: row.as_of for row in rows}
    held = connection.execute(select(RISK.c.account_id, RISK.c.as_of).where(RISK.c.account_id.in_(days)))
    return {account_id for account_id, day in held if day > days[account_id]}


def _upsert(connection: Connection, rows: Sequence[Recommendation]) -> None:
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(RISK)
    others = {column.name: statement.excluded[column.name] for column in RISK.columns if not column.primary_key}
    statement = statement.on_conflict_do_update(index_elements=[RISK.c.account_id], set_=others)
    connection.execute(statement, [asdict(row) for row in rows])


def _refuse_other_shape(connection: Connection) -> None:
    present = {column["name"] for column in inspect(connection).get_columns(RISK.name)}
    missing = [column.name for column in RISK.columns if column.name not in present]
    if missing:
        raise SinkUnavailableError(f"table tenure_risk lacks {', '.join(missing)}; add the columns or rename that table")
