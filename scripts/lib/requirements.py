"""Prints what pyproject.toml asks for: to build, to run and to develop."""

import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text())
groups = [project["build-system"]["requires"], project["project"].get("dependencies", [])]
groups += project["project"].get("optional-dependencies", {}).values()
groups += project.get("dependency-groups", {}).values()
own = project["project"]["name"] + "["
print(*dict.fromkeys(each for group in groups for each in group if not each.startswith(own)), sep="\n")
