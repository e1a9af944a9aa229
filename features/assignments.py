"""Every assignment to a play that a company recorded, as known on a day: save attempts and accounts deliberately held out."""

from datetime import date

import pandas as pd

from features.history import History

TABLE = "interventions"
COLUMNS = {
    **dict.fromkeys(("intervention_id", "account_id", "playbook"), "str"),
    "assigned_at": "datetime64[us]",
    "arm": "str",
    **dict.fromkeys(("started_at", "finished_at"), "datetime64[us]"),
    **dict.fromkeys(("effort_hours", "concession_percent"), "float64"),
    "outcome": "str",
    "arr_saved": "float64",
}


def assignments(history: History, until: date) -> pd.DataFrame:
    """COLUMNS: one row an assignment made and known before `until`, by time; empty where the company records none."""
    if not history.has(TABLE):
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    rows = history.known(TABLE, [until])
    found: pd.DataFrame = rows.filter(rows.assigned_at < rows.as_of).select(*COLUMNS).to_pandas()
    return found.sort_values(["assigned_at", "intervention_id"], ignore_index=True)
