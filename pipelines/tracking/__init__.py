"""Runs and the registry: the only import of MLflow. The model is `tenure`, its aliases `champion` and `challenger`."""

from pipelines.tracking.registry import (
    Champion,
    champion,
    champion_file,
    champion_version,
    load,
    moves,
    promote,
    rollback,
    serving,
)
from pipelines.tracking.runs import Logged, log_training
from pipelines.tracking.tables import log_table

__all__ = [
    "Champion",
    "Logged",
    "champion",
    "champion_file",
    "champion_version",
    "load",
    "log_table",
    "log_training",
    "moves",
    "promote",
    "rollback",
    "serving",
]
