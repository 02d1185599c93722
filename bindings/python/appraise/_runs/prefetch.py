"""Reading ahead: the next batches are read while one is scored."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Queue
from threading import Event, Thread

from appraise._io import SourceBatch

AHEAD = 3  # batches


@contextmanager
def prefetched(batches: Iterator[SourceBatch]) -> Iterator[Iterator[SourceBatch]]:
    """The same batches, read a few ahead in a thread of its own."""
    queue: Queue[SourceBatch | BaseException | None] = Queue(AHEAD)
    stop = Event()

    def read() -> None:
        try:
            for batch in batches:
                queue.put(batch)
                if stop.is_set():
                    return
            queue.put(None)
        except BaseException as problem:  # told to whoever waits for the next batch
            queue.put(problem)
        finally:
            if isinstance(batches, Generator):
                batches.close()

    def given() -> Iterator[SourceBatch]:
        while (batch := queue.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield batch

    thread = Thread(target=read, daemon=True)
    thread.start()
    try:
        yield given()
    finally:
        stop.set()
        while thread.is_alive():  # it may wait for room
            with suppress(Empty):
                queue.get(timeout=0.05)
