"""The rows of a Parquet file, in order: a fingerprint of the first of them, and the rest as a file of its own.

Whoever adds to a Parquet file writes it anew, and its bytes with it: rows are compared, whatever groups they lie in and
however they are compressed.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BLOCK_ROWS = 32_768  # that are fingerprinted at once: bounds memory


def fingerprint(path: Path, rows: int | None = None) -> tuple[int, str]:
    """How many rows were read, at most `rows` (None: all), and the SHA-256 of their columns, types and values.

    Rows that are alike may still differ in it (another order of columns, another way of writing categories), never the
    other way round. (0, "") of a file that nobody can read as Parquet.
    """
    digest, count = _Digest(), 0
    try:
        with pq.ParquetFile(path) as file:
            wanted = file.metadata.num_rows if rows is None else min(rows, file.metadata.num_rows)
            digest.write(str(file.schema_arrow.remove_metadata()).encode())
            for block in _blocks(file, wanted):
                count += block.num_rows
                for name, column in zip(block.column_names, block.columns, strict=True):
                    digest.add(name, column.drop_null())  # beneath a null may lie anything
                    if column.null_count:
                        digest.add(name, column.is_valid())
    except (pa.ArrowException, OSError):  # the check says so of it
        return 0, ""
    return count, digest.of.hexdigest()


def write_after(path: Path, rows: int, out: Path) -> None:
    """The rows after the first so many, as a Parquet file of the same columns and types."""
    with pq.ParquetFile(path) as file, pq.ParquetWriter(out, file.schema_arrow) as writer:
        passed = 0
        for batch in file.iter_batches(batch_size=BLOCK_ROWS):
            rest = batch.slice(min(max(0, rows - passed), batch.num_rows))
            passed += batch.num_rows
            if rest.num_rows:
                writer.write_batch(rest)


class _Digest:
    """What Arrow writes to it is fingerprinted instead of kept."""

    closed = False

    def __init__(self) -> None:
        self.of = hashlib.sha256()

    def add(self, name: str, values: pa.ChunkedArray) -> None:
        """A column, with its name, type and length."""
        rows = pa.table({name: values}).combine_chunks()
        with pa.ipc.new_stream(pa.PythonFile(self, mode="w"), rows.schema) as stream:
            stream.write_table(rows)

    def write(self, written: bytes) -> int:
        """As a file would."""
        self.of.update(written)
        return len(written)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""


def _blocks(file: pq.ParquetFile, rows: int) -> Iterator[pa.Table]:
    """The first `rows` rows in blocks of `BLOCK_ROWS`, the last one shorter: the same whatever groups they lie in."""
    held: list[pa.RecordBatch] = []
    count, left = 0, rows
    for batch in file.iter_batches(batch_size=BLOCK_ROWS):
        taken = _first(batch, left)
        left -= taken.num_rows
        while count + taken.num_rows >= BLOCK_ROWS:
            cut = BLOCK_ROWS - count
            yield _block([*held, _first(taken, cut)])
            held, count, taken = [], 0, taken.slice(cut)
        held, count = ([*held, taken], count + taken.num_rows) if taken.num_rows else (held, count)
        if not left:
            break
    if held:
        yield _block(held)


def _first(batch: pa.RecordBatch, rows: int) -> pa.RecordBatch:
    """The first rows in memory of their own: a part of a longer batch would bring the values of the others along."""
    return batch if rows >= batch.num_rows else batch.take(pa.array(np.arange(rows)))


def _block(batches: list[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches).replace_schema_metadata(None).combine_chunks()
