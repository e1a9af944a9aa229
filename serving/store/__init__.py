"""Scored days, kept for readers."""

from serving.store.batch import Batch, UnfitBatchError
from serving.store.filters import Filters
from serving.store.records import Account, Queue
from serving.store.store import Store

__all__ = ["Account", "Batch", "Filters", "Queue", "Store", "UnfitBatchError"]
