"""Scoring as a run: any number of rows in constant memory, and a crash costs no more than the last segment.

The unit of restart is the *segment*, a fixed number of rows of the source. A segment is scored, written, and made
durable together with the journal, so a run that was killed and resumed gives the same bytes as one that was not.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from appraise._io import (
    Database,
    LocationError,
    Sink,
    SourceBatch,
    file_digest,
    open_sink,
)
from appraise._proof.store import Appended, ResultsStore, open_store
from appraise._proof.stored import ScoredRows
from appraise._runs.counts import Counts
from appraise._runs.findings import Finding
from appraise._runs.keys import KeyCheck
from appraise._runs.manifest import differences, facts, write_manifest
from appraise._runs.places import refuse_same_place, shared_database, sqlite_path
from appraise._runs.prefetch import prefetched
from appraise._runs.quarantine import Quarantine, entries, lines
from appraise._runs.request import Prepared, Request, prepare
from appraise._runs.scorer import Scorer
from appraise._runs.storing import scored_rows


class Progress(Protocol):
    """Who is told how far a run is."""

    def go_on(self, rows: int) -> None:
        """So many rows were done by an earlier attempt."""

    def advance(self, rows: int, total: int | None) -> None:
        """So many rows are done, of so many, exactly or by estimate, if that is known."""


class NoProgress:
    """Tells nobody."""

    def go_on(self, rows: int) -> None: ...

    def advance(self, rows: int, total: int | None) -> None: ...


NOBODY = NoProgress()


@dataclass(frozen=True)
class Outcome:
    """What a run gave.

    Attributes
    ----------
    manifest : dict
        As it was written.
    resumed_at : int or None
        How many rows were already done, if an unfinished run was gone on with.
    absent : list of str
        Items that the caseload has no column for.
    """

    manifest: dict[str, Any]
    resumed_at: int | None
    absent: list[str]


class ResumeError(LocationError):
    """An unfinished run that cannot be gone on with, because something is not as it was."""


def run(request: Request, *, resume: bool = False, threads: int = 1, progress: Progress = NOBODY) -> Outcome:
    """Scores a caseload into a file or table, with quarantine and manifest.

    Parameters
    ----------
    resume : bool
        Go on with an unfinished run of the same request, if there is one.
    threads : int
        How many threads share the rows of a batch. Nothing in the result depends on it.

    Raises
    ------
    DefinitionError, UsageError, LocationError
        Before anything is written if they can be known then; afterwards what was written can be resumed.
    """
    with ExitStack() as stack:
        path, shared = shared_database(request)
        if shared:
            stack.callback(shared.close)

        def connection(place: str) -> Database | None:
            return shared if shared and sqlite_path(place) == path else None

        refuse_same_place(request)
        prepared = prepare(request, connection(request.source))
        stack.callback(prepared.source.close)
        store = None
        if request.store:
            store = open_store(request.store, database=connection(request.store))
            if store.database is not shared:
                stack.callback(store.database.close)
        sink = open_sink(request.output, replace=request.replace, database=connection(request.output))
        stack.callback(sink.close)
        return _Run(prepared, sink, store, threads, progress, in_one_thread=shared is not None).go(resume=resume)


@dataclass
class _Segment:
    """Rows that become durable together."""

    end: int
    tables: list[pa.Table]
    quarantined: list[bytes]
    keys: list[tuple[pa.Array, Any]]
    stored: list[ScoredRows]
    counts: dict[str, Any]


class _Run:
    def __init__(
        self,
        prepared: Prepared,
        sink: Sink,
        store: ResultsStore | None,
        threads: int,
        progress: Progress,
        *,
        in_one_thread: bool,
    ) -> None:
        self._prepared = prepared
        self._request = prepared.request
        self._sink = sink
        self._store = store
        self._appended = Appended()
        self._progress = progress
        self._in_one_thread = in_one_thread
        self._scorer = Scorer(prepared, numbered=not sink.keeps_order, threads=threads)
        self._quarantine = Quarantine(self._request.quarantine_path)
        folder = self._quarantine.path
        self._keys = KeyCheck(folder.with_name(f".{folder.name}.keys")) if prepared.key else None
        self._key = prepared.key or (prepared.kept[0] if prepared.kept else "")
        self._started = time.time()
        self._before = 0.0  # seconds of earlier attempts
        self._attempt = time.monotonic()
        self._facts: dict[str, Any] = {}
        self._stamp = prepared.source.stamp()

    def go(self, *, resume: bool) -> Outcome:
        self._facts = facts(self._prepared)
        journal = self._sink.journal() if resume else None
        done = 0 if journal is None else journal["rows"]
        try:
            if journal is None:
                self._begin()
            else:
                self._resume(journal)
            if journal is None or "manifest" not in journal:
                counts = Counts(journal and journal["counts"])
                journal = self._all_segments(done, counts, journal)
                journal = self._last(journal, counts)
            self._commit(journal)
        except BaseException:
            self._quarantine.close()
            if self._keys:
                self._keys.close()
            self._leave_nothing_that_cannot_be_resumed()
            raise
        return Outcome(journal["manifest"], done or None, self._prepared.absent)

    def _leave_nothing_that_cannot_be_resumed(self) -> None:
        with suppress(LocationError):  # of a database that is gone: the first problem is the one to tell
            if self._sink.journal() is None:
                self._quarantine.discard()
                if self._keys:
                    self._keys.discard()

    def _begin(self) -> None:
        self._sink.begin()
        self._quarantine.begin()
        if self._keys:
            self._keys.begin()

    def _resume(self, journal: dict[str, Any]) -> None:
        if differing := differences(journal["facts"], self._facts):
            raise ResumeError(
                f"cannot go on with the unfinished run to {self._sink.name}, something is not as it was: "
                + "; ".join(differing)
            )
        self._started = journal["started"]
        self._before = journal["seconds"]
        ambiguous, nameless = journal["left_out"]
        self._appended = Appended(ambiguous=ambiguous, nameless=nameless)
        self._sink.resume()
        self._quarantine.resume(journal["quarantine"])
        if self._keys and "manifest" not in journal:
            self._keys.resume(journal["keys"])

    @property
    def _run_id(self) -> str:
        """The same for a run that is gone on with."""
        said = json.dumps([self._facts, self._started, self._sink.name], sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    # Segments

    def _all_segments(self, done: int, counts: Counts, journal: dict[str, Any] | None) -> dict[str, Any]:
        """Scores what is left, and writes each segment while the next is scored."""
        if journal:
            self._progress.go_on(done)
        batches: Iterator[SourceBatch] = self._prepared.source.batches(self._prepared.columns, start=done)
        if self._in_one_thread:
            for segment in self._segments(batches, done, counts, journal):
                journal = self._write(segment)
        else:
            with ThreadPoolExecutor(1) as pool, prefetched(batches) as fetched:
                pending: Future[dict[str, Any]] | None = None
                for segment in self._segments(fetched, done, counts, journal):
                    if pending:
                        journal = pending.result()
                    pending = pool.submit(self._write, segment)
                if pending:
                    journal = pending.result()
        assert journal is not None
        return journal

    def _segments(
        self, batches: Iterator[SourceBatch], done: int, counts: Counts, journal: dict[str, Any] | None
    ) -> Iterator[_Segment]:
        size = self._request.segment_rows
        end = (done // size + 1) * size
        segment = _Segment(done, [], [], [], [], {})
        first = True
        for batch in batches:
            if first and journal:
                self._prove_same(done, journal)
            first = False
            while True:
                part, batch = batch.cut(end + 1)
                self._score(part, segment, counts)
                if segment.end < end:
                    break
                segment.counts = counts.kept()
                yield segment
                segment, end = _Segment(end, [], [], [], [], {}), end + size
                if not len(batch):
                    break
        is_whole_caseload = not done and not segment.end  # a caseload without rows gives an output without rows
        if segment.end > max(done, end - size) or is_whole_caseload:
            segment.counts = counts.kept()
            yield segment

    def _prove_same(self, done: int, journal: dict[str, Any]) -> None:
        """Of a database: whether the rows that are done are as they were."""
        if journal["values"] != (now := self._prepared.source.digest_at(done)):
            raise ResumeError(
                f"cannot go on with the unfinished run to {self._sink.name}: "
                f"the first {done} rows of {self._prepared.source.name} are not as they were "
                f"({journal['values']} before, {now} now); a query has to state an order"
            )

    def _score(self, part: SourceBatch, segment: _Segment, counts: Counts) -> None:
        scored = self._scorer.score(part, counts)
        findings = scored.findings
        if self._keys:
            keys = part.table.column(self._key)
            segment.keys.append((keys, part.rows))
            missing = _missing_keys(keys)
            if len(missing):
                findings = [*findings, Finding("key.missing", self._key, "the row has no key", missing)]
        segment.quarantined.append(lines(entries(part, findings, self._key, counts)))
        segment.tables.append(scored.table)
        if self._store:
            segment.stored += scored_rows(self._prepared, part.table, scored, self._key, self._run_id)
        segment.end = part.first + len(part) - 1
        self._progress.advance(segment.end, self._prepared.source.rows)

    def _write(self, segment: _Segment) -> dict[str, Any]:
        tables = [table for table in segment.tables if table.num_rows] or segment.tables[:1]
        self._sink.write(pa.concat_tables(tables).combine_chunks())
        for told in segment.quarantined:
            self._quarantine.write(told)
        if self._keys:
            for keys, rows in segment.keys:
                self._keys.add(keys, rows)
        if self._store:
            self._append(self._store, segment.stored)
        return self._checkpoint(segment.end, segment.counts)

    def _append(self, store: ResultsStore, rows: list[ScoredRows]) -> None:
        """Into the store before the journal tells that the rows are done: what a resumed run appends again is there."""
        for each in rows:
            self._appended += store.append(each)
        store.database.commit()

    def _checkpoint(self, rows: int, counts: dict[str, Any], **more: Any) -> dict[str, Any]:
        journal = {
            "facts": self._facts,
            "rows": rows,
            "counts": counts,
            "values": self._prepared.source.digest_at(rows),
            "quarantine": self._quarantine.checkpoint(),
            "keys": self._keys.checkpoint() if self._keys else [],
            "left_out": [self._appended.ambiguous, self._appended.nameless],
            "started": self._started,
            "seconds": self._before + time.monotonic() - self._attempt,
            **more,
        }
        self._sink.checkpoint(journal)
        return journal

    # The end

    def _last(self, journal: dict[str, Any], counts: Counts) -> dict[str, Any]:
        """What is known only when all rows are done; then the journal holds the manifest, but for the output."""
        source = self._prepared.source
        if source.stamp() != self._stamp:
            raise LocationError(f"{source.name} was changed while it was read")
        given = self._facts["input"] or source.digest()
        if self._keys:
            self._write_repeated(counts)
        rows = {"read": journal["rows"], "scored": counts.scored, "unreadable": counts.unreadable}
        manifest = {
            **self._facts,
            "input": given,
            "rows": rows,
            "statuses": counts.statuses,
            "levels": counts.levels,
            "quarantine": {"location": str(self._quarantine.path), "codes": dict(sorted(counts.quarantined.items()))},
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._started)),
        }
        if self._store:
            name = self._store.database.name
            manifest["store"] = {
                "location": name,
                "run": self._run_id,
                "rows": self._store.rows_of(self._run_id),
                "ambiguous": self._appended.ambiguous,
                "nameless": self._appended.nameless,
            }
        return self._checkpoint(journal["rows"], counts.kept(), manifest=manifest)

    def _write_repeated(self, counts: Counts) -> None:
        """Reads the keys once more, where some come twice: the quarantine tells row, line and key of each."""
        assert self._keys
        repeated = self._keys.repeated()
        if not len(repeated):
            return
        message = "an earlier row has this key"
        for batch in self._prepared.source.batches([self._key]):
            at = np.flatnonzero(np.isin(batch.rows, repeated))
            if len(at):
                found = entries(batch, [Finding("key.duplicate", self._key, message, at)], self._key, Counts())
                counts.add_findings("key.duplicate", len(at))
                self._quarantine.write(lines([each for each in found if each[4] == "key.duplicate"]))

    def _commit(self, journal: dict[str, Any]) -> None:
        """Output, quarantine, manifest appear, in this order; a crash between them is made good by `resume`."""
        self._sink.commit()
        self._quarantine.commit()
        manifest = journal["manifest"]
        manifest["quarantine"] |= file_digest(self._quarantine.path)
        manifest["output"] = self._sink.digest()
        manifest["seconds"] = round(journal["seconds"], 3)
        write_manifest(self._request.manifest_path, manifest)
        if self._keys:
            self._keys.discard()
        self._sink.finish()


def _missing_keys(keys: pa.Array) -> Any:
    missing = keys.is_null().to_numpy(False)
    if pa.types.is_string(keys.type) or pa.types.is_dictionary(keys.type):
        missing |= np.asarray(keys.cast(pa.string()).fill_null("").to_numpy(False) == "", bool)
    return np.flatnonzero(missing)
