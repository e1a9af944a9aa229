"""OULAD as a company's log: an enrolment is an account, a course run its term, a click log its usage.

Open University Learning Analytics Dataset: Kuzilek, Hlosta, Zdrahal, Scientific Data 4:170171 (2017), CC BY 4.0.
`final_result` and `date_unregistration` are the outcome and reach nothing but `renewals`.
"""

from pathlib import Path

from duckdb import DuckDBPyConnection

from features.source import Loaded
from features.sql import literal
from pipelines.sources.mapping import Doubt, File, Mapped, count_doubts, load_mapped, open_views, run

_RUN = {"code_module": "VARCHAR", "code_presentation": "VARCHAR"}
COLUMNS = {
    "studentInfo": {**_RUN, "id_student": "BIGINT", "studied_credits": "BIGINT", "num_of_prev_attempts": "BIGINT"}
    | dict.fromkeys(("region", "gender", "age_band", "highest_education", "imd_band", "disability", "final_result"), "VARCHAR"),
    "studentRegistration": {**_RUN, "id_student": "BIGINT", "date_registration": "DOUBLE", "date_unregistration": "DOUBLE"},
    "courses": {**_RUN, "module_presentation_length": "BIGINT"},
    "assessments": {**_RUN, "id_assessment": "BIGINT", "assessment_type": "VARCHAR", "date": "DOUBLE"},
    "studentAssessment": {"id_assessment": "BIGINT", "id_student": "BIGINT", "date_submitted": "DOUBLE", "score": "DOUBLE"},
    "vle": {"id_site": "BIGINT", "activity_type": "VARCHAR"},
}
CLICKS = {"id_student": "BIGINT", "date": "DOUBLE", "id_site": "BIGINT", "sum_click": "BIGINT"}
COURSE_STARTS = {"2013B": "2013-02-04", "2013J": "2013-10-07", "2014B": "2014-02-03", "2014J": "2014-10-06"}

_ENROLMENTS = """
    CREATE OR REPLACE TEMP TABLE every_enrolment AS
    WITH starts(code_presentation, start) AS (VALUES {starts})
    SELECT i.*, start,
        concat_ws('_', code_module, code_presentation, CAST(id_student AS BIGINT)) AS account_id,
        CAST(id_student AS BIGINT) AS student,
        start + to_days(CAST(module_presentation_length AS INTEGER)) AS course_end,
        start + to_days(CASE WHEN isnan(date_registration) THEN 0 ELSE coalesce(date_registration, 0) END::INTEGER)
            AS created_at,
        start + to_days(CAST(CASE WHEN NOT isnan(date_unregistration) THEN date_unregistration END AS INTEGER)) AS left_at
    FROM "studentInfo" i
    JOIN "studentRegistration" USING (code_module, code_presentation, id_student)
    JOIN courses USING (code_module, code_presentation)
    JOIN starts USING (code_presentation)"""
_UNDATED = "final_result = 'Withdrawn' AND left_at IS NULL"
_ACCOUNTS = """
    WITH steps AS (
        SELECT account_id, created_at AS known_at, 0 AS scores, 0.0 AS total FROM enrolment
        UNION ALL
        SELECT account_id, greatest(created_at, start + to_days(CAST(date_submitted AS INTEGER))), 1, score
        FROM "studentAssessment" s
        JOIN assessments USING (id_assessment)
        JOIN enrolment e USING (code_module, code_presentation, id_student)
        WHERE NOT isnan(score)),
    days AS (SELECT account_id, known_at, sum(scores) AS scores, sum(total) AS total FROM steps GROUP BY ALL),
    states AS (
        SELECT account_id, known_at, sum(scores) OVER until_then AS scores, sum(total) OVER until_then AS total
        FROM days
        WINDOW until_then AS (PARTITION BY account_id ORDER BY known_at ROWS UNBOUNDED PRECEDING))
    SELECT account_id, known_at, created_at, code_module AS industry, region, student AS parent_account_id,
        right(code_presentation, 1) AS attr_season, gender AS attr_gender, age_band AS attr_age_band,
        highest_education AS attr_education, imd_band AS attr_imd_band, disability AS attr_disability,
        studied_credits AS attr_credits, num_of_prev_attempts AS attr_previous_attempts,
        total / nullif(scores, 0) AS attr_score_mean
    FROM states JOIN enrolment USING (account_id)"""
_SUBSCRIPTIONS = """
    SELECT account_id AS subscription_id, account_id, created_at AS known_at, start AS started_at, course_end AS renews_at,
        1.0 AS arr, 1 AS seats, code_module AS plan, 'monthly' AS billing
    FROM enrolment"""
_RENEWALS = """
    SELECT account_id, account_id AS subscription_id, left_at AS known_at, course_end AS renews_at, left_at AS decided_at,
        'churned' AS outcome, 1.0 AS arr_before
    FROM enrolment WHERE left_at IS NOT NULL"""
_USAGE = """
    WITH clicks AS (
        SELECT regexp_extract(filename, '([A-Z]{3}_[0-9]{4}[BJ])[.]parquet$', 1) AS run,
            CAST(id_student AS BIGINT) AS student, CAST(date AS INTEGER) AS day, id_site, sum_click
        FROM clicks_by_run),
    days AS (
        SELECT run, student, day, activity_type, sum(sum_click) AS quantity
        FROM clicks JOIN vle USING (id_site) GROUP BY ALL)
    SELECT run || '_' || student AS account_id, student AS user_id, start + to_days(day) AS occurred_at,
        start + to_days(day) AS known_at, activity_type AS feature, quantity
    FROM days JOIN (VALUES {starts}) s(code_presentation, start) ON run LIKE '%' || code_presentation
    WHERE run || '_' || student NOT IN (SELECT account_id FROM every_enrolment WHERE {undated})"""
_GOALS = """
    SELECT account_id, greatest(created_at, start) AS known_at, CAST(a.id_assessment AS BIGINT) AS goal,
        start AS agreed_at, start + to_days(CAST(a.date AS INTEGER)) AS due_at,
        start + to_days(CAST(s.date_submitted AS INTEGER)) AS met_at
    FROM enrolment JOIN assessments a USING (code_module, code_presentation)
    LEFT JOIN "studentAssessment" s ON s.id_assessment = a.id_assessment AND s.id_student = enrolment.id_student
    WHERE assessment_type IN ('TMA', 'CMA') AND NOT isnan(a.date)"""


class Oulad:
    """The folder of Parquet files: the tables, and `studentVle/<module>_<presentation>.parquet` with the clicks.

    Arr is 1; a term may end on any day (`monthly`); a completed course has no outcome. The click log is summed up by day
    and kind of page. The score of an assessment counts from its submission, the only day the data has.
    """

    name = "oulad"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether the student table lies there."""
        return (folder / "studentInfo.parquet").is_file()

    @property
    def files(self) -> tuple[Path, ...]:
        """The Parquet files."""
        return tuple(sorted((*self.folder.glob("*.parquet"), *self.folder.glob("studentVle/*.parquet"))))

    def load(self, connection: DuckDBPyConnection) -> Loaded:
        """Accounts, subscriptions, renewals, usage and goals; the clicks are read straight from the files."""
        files = [File(name, self.folder / f"{name}.parquet", columns) for name, columns in COLUMNS.items()]
        clicks = self.folder / "studentVle" / "*.parquet"
        files.append(File("clicks_by_run", clicks, CLICKS, options=", filename = true"))
        open_views(connection, files, self.folder)
        starts = ", ".join(f"({literal(term)}, TIMESTAMP {literal(day)})" for term, day in COURSE_STARTS.items())
        run(connection, _ENROLMENTS.format(starts=starts), self.folder, "accounts")
        enrolments = f"CREATE OR REPLACE TEMP TABLE enrolment AS SELECT * FROM every_enrolment WHERE NOT ({_UNDATED})"
        run(connection, enrolments, self.folder, "accounts")
        dropped = f"SELECT count(*) FILTER ({_UNDATED}), count(*) FROM every_enrolment"
        doubt = Doubt("accounts", "withdrawn on an unknown day, left out with all their rows", dropped)
        usage = _USAGE.replace("{starts}", starts).replace("{undated}", _UNDATED)
        tables = load_mapped(connection, _mapped(usage), self.folder)
        return Loaded(tables, findings=count_doubts(connection, [doubt]))


def _mapped(usage: str) -> tuple[Mapped, ...]:
    day = "the midnight with which the day of the clicks begins, so that an as_of sees every day before it"
    return (
        Mapped("accounts", _ACCOUNTS, "the day of registration (course start if missing); for scores the day of submission"),
        Mapped("subscriptions", _SUBSCRIPTIONS, "the day of registration (course start if missing)"),
        Mapped("renewals", _RENEWALS, "the day of unregistration"),
        Mapped("usage", usage, day),
        Mapped("goals", _GOALS, "the course start, or the day of registration if later; submissions on their day"),
    )
