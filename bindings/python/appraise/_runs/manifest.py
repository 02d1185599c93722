"""Manifests: what a run read, used and gave, so that it can be proved and repeated."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa

from appraise._core import __version__
from appraise._io import LocationError, is_database, write_whole
from appraise._runs.request import Prepared, definition_facts

FORMAT = 1


def facts(prepared: Prepared) -> dict[str, Any]:
    """Everything that decides the result of a run: it must be the same again to resume or to replay."""
    return {
        "engine": {"appraise": __version__, "pyarrow": pa.__version__},
        "input": None if is_database(prepared.request.source) else prepared.source.digest(),
        "instruments": [definition_facts(plan.instrument, plan.mark) for plan in prepared.plans],
        "library": {"location": prepared.request.library} if prepared.request.library else None,
        "mapping": {"location": prepared.roles.path, "sha256": prepared.roles.sha256} if prepared.roles.path else None,
        "options": prepared.request.options(),
    }


def differences(before: Any, now: Any, place: str = "") -> list[str]:
    """What differs between two documents, a line each. Where a file lies is no difference, what it holds is."""
    if isinstance(before, dict) and isinstance(now, dict):
        found = []
        for name in sorted(set(before) | set(now)):
            if name != "location":
                at = f"{place}.{name}" if place else name
                found += differences(before.get(name), now.get(name), at)
        return found
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [
            line
            for at, (old, new) in enumerate(zip(before, now, strict=True))
            for line in differences(old, new, f"{place}[{at}]")
        ]
    return [] if before == now else [f"{place}: {_short(before)} before, {_short(now)} now"]


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:77] + "..."


def write_manifest(path: Path, manifest: dict[str, Any]) -> None:
    """Writes a manifest; places of files are told from the folder of the manifest on, if they were given like that."""
    document = {"format": FORMAT, "verb": "score", **_moved(manifest, Path.cwd(), path.parent.absolute())}
    write_whole(path, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())


def read_manifest(path: Path) -> dict[str, Any]:
    """Reads a manifest; places of files are told from the current folder on.

    Raises
    ------
    LocationError
        If it is no manifest.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LocationError(f"cannot read {path}: there is no such file") from None
    except (OSError, ValueError) as problem:
        raise LocationError(f"cannot read {path}: it is no manifest: {problem}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT or document.get("verb") != "score":
        raise LocationError(f"{path} is no manifest of a scoring run")
    moved: dict[str, Any] = _moved(document, path.parent.absolute(), Path.cwd())
    return moved


def _moved(document: Any, old: Path, new: Path) -> Any:
    """The document with relative places told from another folder on."""
    if isinstance(document, dict):
        return {
            name: _place(value, old, new)
            if name in ("location", "name") and isinstance(value, str) and _is_place(name, value)
            else _moved(value, old, new)
            for name, value in document.items()
        }
    return [_moved(each, old, new) for each in document] if isinstance(document, list) else document


def _is_place(name: str, value: str) -> bool:
    return not is_database(value) and (name == "location" or "/" in value or value.endswith(".json"))


def _place(value: str, old: Path, new: Path) -> str:
    return value if Path(value).is_absolute() or old == new else os.path.relpath(old / value, new)
