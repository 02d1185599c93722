"""What is known of the instrument, its levels and its norms: from the scored table, its manifest, and the "
"definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appraise import _api
from appraise._core import DefinitionError, Instrument, LevelScheme, Library, Norms, UsageError
from appraise._runs.request import written_prefix
from appraise._validation.inputs import Given
from appraise._validation.roles import Roles

Facts = dict[str, Any]


@dataclass(frozen=True)
class About:
    """Facts for the report; what is not known is None.

    Attributes
    ----------
    instrument, levels, norms : dict or None
        Plain data, as the JSON document has them.
    notes : tuple of str
        What does not agree between the table, its manifest and the definition at hand.
    """

    instrument: Facts | None
    levels: Facts | None
    norms: Facts | None
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The instrument as a heading names it."""
        if self.instrument is None:
            return "a score"
        return f"{self.instrument['title'] or self.instrument['id']} ({self.instrument['edition']})"

    @property
    def follow_up(self) -> float | None:
        """Years that the rates are for."""
        return self.norms["follow_up_years"] if self.norms else None


@dataclass(frozen=True)
class _Said:
    """What the scored table or its manifest says of the instrument whose score is looked at."""

    id: str
    edition: str
    evidence: str
    prefix: str
    digests: Mapping[str, str]
    name: str = ""  # how the instrument was named: an id or a path
    scheme: str = ""
    library: str | None = None


def about(scored: Given, roles: Roles, instrument: Instrument | str | None, output_digest: str | None) -> About:
    """Gathers what is known.

    Parameters
    ----------
    instrument : Instrument, id, ID@EDITION or path, optional
        Where the table does not say.
    output_digest : str, optional
        Of the scored file, to be held against that of its manifest.
    """
    notes: list[str] = []
    column = roles.score.column
    said = _of_manifest(scored.manifest, column) or _of_metadata(scored.metadata, column)
    definition = _definition(instrument or scored.instrument, said, notes)
    if scored.manifest and output_digest and scored.manifest["output"].get("sha256") != output_digest:
        notes.append("The scored file is not, byte for byte, the one that its manifest tells of.")
    if definition is None:
        return About(
            _facts_without(said), _levels_of_fields(scored, roles), _norms_of_fields(scored, roles), tuple(notes)
        )
    digests = {part.name: part.digest for part in definition.parts}
    if said and (differing := sorted(name for name, digest in said.digests.items() if digests.get(name) != digest)):
        notes.append(
            "The definition at hand is not, byte for byte, the one that scored: " + ", ".join(differing) + " differ."
        )
    scale = column.removeprefix(said.prefix if said else "")
    chosen = scored.fields.get(roles.level.column, {}).get("levels") if roles.level else None
    scheme = _scheme(definition, scale, chosen or (said.scheme if said else ""))
    norms = next((each for each in definition.norms if each.id == roles.norms), None)
    label = next((each.label for each in definition.scales if each.code == scale), "")
    facts = {
        "id": definition.id,
        "edition": definition.edition,
        "title": definition.title,
        "scale": scale,
        "scale_label": label,
        "outcome": definition.outcome,
        "population": definition.population,
        "evidence": said.evidence if said else definition.evidence.mark,
        "parts": dict(said.digests) if said else digests,
    }
    levels = _levels_of(scheme) if scheme and roles.level else _levels_of_fields(scored, roles)
    return About(facts, levels, _norms_of(norms) if norms else _norms_of_fields(scored, roles), tuple(notes))


def _of_manifest(manifest: Mapping[str, Any] | None, column: str) -> _Said | None:
    if manifest is None:
        return None
    found: _Said | None = None
    options = manifest["options"]
    several = len(manifest["instruments"]) > 1
    ids = [each["id"] for each in manifest["instruments"]]
    for each, named in zip(manifest["instruments"], options["instruments"], strict=True):
        parts = (each["id"], each["edition"]) if ids.count(each["id"]) > 1 else (each["id"],)
        prefix = written_prefix(*parts) if several else ""
        if column.startswith(prefix) and (found is None or len(prefix) > len(found.prefix)):
            found = _Said(
                each["id"],
                each["edition"],
                each["evidence"],
                prefix,
                {name: part["sha256"] for name, part in each["parts"].items()},
                named["name"],
                options["levels"].get(column.removeprefix(prefix), ""),
                (manifest["library"] or {}).get("location"),
            )
    return found


def _of_metadata(metadata: Mapping[str, str], column: str) -> _Said | None:
    prefixes = [name.removesuffix("instrument") for name in metadata if name.endswith("instrument")]
    mine = [each for each in prefixes if column.startswith(each)]
    if not mine:
        return None
    prefix = max(mine, key=len)
    own = {name.removeprefix(prefix): text for name, text in metadata.items() if name.startswith(prefix)}
    digests = {name.removesuffix(".sha256"): text for name, text in own.items() if name.endswith(".sha256")}
    return _Said(own["instrument"], own.get("edition", ""), own.get("evidence", ""), prefix, digests)


def _definition(given: Instrument | str | None, said: _Said | None, notes: list[str]) -> Instrument | None:
    if isinstance(given, Instrument):
        return given
    if given is not None:
        id, _, edition = str(given).partition("@")
        path = "/" in str(given) or str(given).endswith(".json")
        return _api.load(given) if path else _api.load(id, edition or None)
    if said is None:
        return None
    try:
        if said.name and ("/" in said.name or said.name.endswith(".json")):
            return _api.load(Path(said.name))
        return _api.load(said.id, said.edition or None, library=Library(Path(said.library)) if said.library else None)
    except (DefinitionError, UsageError):
        notes.append(
            f"The definition of {said.id} {said.edition} is not at hand: its title and norms are not described."
        )
        return None


def _facts_without(said: _Said | None) -> Facts | None:
    if said is None:
        return None
    return {
        **{"id": said.id, "edition": said.edition, "title": "", "scale": "", "scale_label": "", "outcome": ""},
        **{"population": "", "evidence": said.evidence, "parts": dict(said.digests)},
    }


def _scheme(definition: Instrument, scale: str, chosen: str) -> LevelScheme | None:
    own = next((each.levels for each in definition.scales if each.code == scale), "")
    return next((each for each in definition.levels if each.name == (chosen or own)), None)


def _levels_of(scheme: LevelScheme) -> Facts:
    return {
        "scheme": scheme.name,
        "edition": scheme.edition,
        "evidence": scheme.evidence.mark,
        "order": list(dict.fromkeys(each.code for each in scheme.bands)),
        "labels": {each.code: each.label for each in scheme.bands},
    }


def _levels_of_fields(scored: Given, roles: Roles) -> Facts | None:
    if roles.level is None:
        return None
    own = scored.fields.get(roles.level.column, {})
    if not own.get("levels"):
        return None
    return {
        **{"scheme": own["levels"], "edition": own.get("edition", ""), "evidence": own.get("evidence", "")},
        **{"order": None, "labels": {}},
    }


def _norms_of(norms: Norms) -> Facts:
    return {
        "id": norms.id,
        "edition": norms.edition,
        "sample": norms.sample,
        "n": norms.n,
        "outcome": norms.outcome,
        "follow_up_years": norms.follow_up_years,
        "evidence": norms.evidence.mark,
    }


def _norms_of_fields(scored: Given, roles: Roles) -> Facts | None:
    if roles.rates is None:
        return None
    own = scored.fields.get(roles.rates.column, {})
    years = own.get("follow_up_years", "")
    return {
        "id": own.get("norms", roles.norms),
        "edition": own.get("edition", ""),
        "sample": own.get("sample", ""),
        "n": None,
        "outcome": own.get("outcome", ""),
        "follow_up_years": float(years) if years else None,
        "evidence": own.get("evidence", ""),
    }
