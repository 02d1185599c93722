"""Changes each shipped definition, one place at a time, and counts the changes that check or verify notice."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from appraise import _core

from .changes import Change, of_norms
from .definition import Definition, parse
from .operations import of_instrument

INSTRUMENTS = Path("instruments")
BAR = 0.97

files: dict[str, str] = {}  # by path relative to INSTRUMENTS; each process reads them once


def read_files() -> None:
    for path in sorted(INSTRUMENTS.rglob("*.json")):
        if not path.name.endswith(".schema.json"):
            files[path.relative_to(INSTRUMENTS).as_posix()] = path.read_text(encoding="utf-8")


class Mutant(NamedTuple):
    instrument: str
    edition: str
    file: str
    change: Change

    @property
    def address(self) -> str:
        return f"{self.file}: {self.change.address}"


def needed(instrument: str, edition: str) -> dict[str, str]:
    """The files of one edition, its norms and lists, and those of the instruments it uses."""
    folders = [f"{instrument}/{edition}/", f"{instrument}/norms/", f"{instrument}/lists/"]
    document = json.loads(files[f"{instrument}/{edition}/instrument.json"])
    owners = {entry.get("instrument", instrument) for entry in document.get("code_lists", {}).values()}
    folders += [f"{owner}/lists/" for owner in owners]
    own = {path: text for path, text in files.items() if path.startswith(tuple(folders))}
    for use in document.get("uses", {}).values():
        own |= needed(use["instrument"], use["edition"])
    return own


def noticed(changed: dict[str, str], instrument: str, edition: str) -> bool:
    """Whether check finds an error or verify a mismatch, or a case asks for what is no longer there."""
    try:
        checked, _ = _core.check_files(changed, instrument, edition)
        return checked is None or bool(_core.verify(checked).mismatches)
    except (_core.DefinitionError, _core.UsageError):
        return True


def caught(mutant: Mutant) -> bool:
    document = parse(files[mutant.file])
    mutant.change.apply(document)
    changed = needed(mutant.instrument, mutant.edition) | {mutant.file: json.dumps(document)}
    return noticed(changed, mutant.instrument, mutant.edition)


def mutants_of(instrument: str, edition: str) -> list[Mutant]:
    path = f"{instrument}/{edition}/instrument.json"
    mutants = [Mutant(instrument, edition, path, change) for change in of_instrument(Definition(files, path))]
    for file, text in files.items():
        if not file.startswith(f"{instrument}/norms/"):
            continue
        norms = parse(text)
        if edition in norms["for"]["editions"]:
            mutants += [Mutant(instrument, edition, file, change) for change in of_norms(norms)]
    return mutants


def editions(chosen: list[str]) -> list[tuple[str, str]]:
    found = [tuple(path.split("/")[:2]) for path in files if path.endswith("/instrument.json")]
    return [(instrument, edition) for instrument, edition in found if not chosen or instrument in chosen]


def run(mutants: list[Mutant], console: Console) -> list[bool]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with multiprocessing.Pool(2, initializer=read_files) as pool, Progress(*columns, console=console) as progress:
        task = progress.add_task("changes", total=len(mutants))
        outcomes = []
        for outcome in pool.imap(caught, mutants, chunksize=16):
            outcomes.append(outcome)
            progress.advance(task)
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/mutation", description=__doc__)
    parser.add_argument("instrument", nargs="*", help="ids; default: all that are shipped")
    parser.add_argument("--out", type=Path, default=Path("build/mutation/summary.json"))
    arguments = parser.parse_args()
    console = Console()
    read_files()
    chosen = editions(arguments.instrument)
    listed = [each for each in chosen if not noticed(needed(*each), *each)]
    faulty = [each for each in chosen if each not in listed]
    for instrument, edition in faulty:
        console.print(f"{instrument} {edition} fails check or verify as it stands: nothing to measure")
    mutants = [mutant for instrument, edition in listed for mutant in mutants_of(instrument, edition)]
    outcomes = run(mutants, console)

    table = Table("instrument", "edition", "caught", "total", "share")
    summary = []
    for instrument, edition in listed:
        own = [i for i, mutant in enumerate(mutants) if mutant[:2] == (instrument, edition)]
        survivors = [mutants[i] for i in own if not outcomes[i]]
        share = 1 - len(survivors) / len(own) if own else 1.0
        table.add_row(instrument, edition, str(len(own) - len(survivors)), str(len(own)), f"{share:.1%}")
        summary.append(
            {
                "instrument": instrument,
                "edition": edition,
                "caught": len(own) - len(survivors),
                "total": len(own),
                "survivors": [{"address": mutant.address, "change": mutant.change.what} for mutant in survivors],
            }
        )
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(summary, indent=1) + "\n")
    console.print(table)
    console.print(f"survivors: {arguments.out}")
    return 0 if not faulty and all(row["caught"] >= BAR * row["total"] for row in summary) else 1


if __name__ == "__main__":
    sys.exit(main())
