"""No tool we build on reports home: said to each of them before it is imported."""

import os

QUIET = {
    "DO_NOT_TRACK": "true",
    "DVC_NO_ANALYTICS": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}


def silence() -> None:
    """Set what each tool reads; a value that is there already stays, so that a person may decide otherwise."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
