"""The wheel: what is in it, and that it works alone, outside the checkout, with nothing but what it requires."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel() -> Path:
    """That of the last build, or the one that the environment names."""
    if given := os.environ.get("APPRAISE_WHEEL"):
        return Path(given)
    (found,) = (ROOT / "build" / "wheel").glob("appraise-*.whl")
    return found


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment into which the wheel is installed."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", str(wheel))
    return python


def run(*program: object, folder: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    ended = subprocess.run(
        list(map(str, program)), capture_output=True, text=True, check=False, cwd=folder, env=environment
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def readme_example() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    source = ROOT / "bindings" / "python" / "appraise"
    expected = {
        f"appraise/{path.relative_to(source)}"
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
    # A wheel that is made to be given away carries the shared libraries too, with their licences.
    carried = {
        name for name in names if name.startswith("appraise.libs/") or "/sboms/" in name or "/licenses/lib" in name
    }
    libraries = {re.split("[-.0-9]", name.rpartition("/")[2])[0] for name in carried if "/sboms/" not in name}
    assert libraries == ({"libhwy", "libsodium"} if "manylinux" in wheel.name else set())
    names -= carried
    inside = {name for name in names if name.startswith("appraise/")}
    extensions = {name for name in inside if name.endswith(".so")}
    assert {name.partition(".")[0] for name in extensions} == {"appraise/_core", "appraise/_statistics"}
    assert inside - extensions == expected
    rest = {name.partition(".dist-info/")[2] for name in names - inside}
    assert rest == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE"}


def test_the_tags_are_those_of_this_python(wheel: Path) -> None:
    version = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert re.fullmatch(rf"appraise-[\d.]+-{version}-{version}-\w+_\w+\.whl", wheel.name)


def test_the_metadata_names_requirements_and_extras(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (each for each in archive.namelist() if each.endswith("METADATA"))
    metadata = archive.read(name).decode()
    hard = [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert len(hard) == len(PROJECT["dependencies"]) == 1
    assert "numpy" in hard[0]
    for extra in ("cli", "plot", "notebook", "all"):
        assert f"Provides-Extra: {extra}" in metadata
    assert "License-Expression: Apache-2.0" in metadata


def test_only_what_is_required_is_installed(fresh: Path) -> None:
    listed = run(fresh, "-m", "pip", "list", "--format=freeze").split()
    assert {line.partition("==")[0] for line in listed} - {"pip", "setuptools", "wheel"} == {"appraise", "numpy"}


def test_the_example_of_the_readme_runs_alone(fresh: Path, tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(readme_example(), encoding="utf-8")
    assert "Static-99R total" in run(fresh, "-I", program, folder=tmp_path)


def test_the_example_of_the_readme_passes_mypy_strict(fresh: Path, tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(readme_example(), encoding="utf-8")
    found = run(sys.executable, "-m", "mypy", "--strict", "--python-executable", fresh, program, folder=tmp_path)
    assert "Success" in found


def test_definitions_are_inside(fresh: Path, tmp_path: Path) -> None:
    program = "import appraise as ap; print(len([ap.verify(ap.load(i.id, i.edition)).ok for i in ap.instruments()]))"
    count = len(list((ROOT / "instruments").glob("*/*/instrument.json")))
    assert run(fresh, "-I", "-c", program, folder=tmp_path).strip() == str(count)


def test_what_is_not_installed_is_named(fresh: Path, tmp_path: Path) -> None:
    program = (
        "import appraise as ap\n"
        "try: ap.plot.norms(ap.load('static-99r').norms[1])\n"
        "except ap.UsageError as error: print(error)\n"
    )
    assert "pip install 'appraise[plot]'" in run(fresh, "-I", "-c", program, folder=tmp_path)


def test_import_needs_neither_numpy_nor_another_package(fresh: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import appraise\n"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(loaded - set(sys.stdlib_module_names)))\n"
    )
    assert run(fresh, "-I", "-c", program, folder=tmp_path).strip() == "['appraise']"


def test_a_source_distribution_holds_what_is_built_and_nothing_else(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, ROOT)
    (archive,) = tmp_path.glob("appraise-*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames() if opened.getmember(name).isfile()}
    tops = {name.partition("/")[0] for name in names}
    folders = {"src", "include", "instruments", "bindings", "cmake"}
    assert folders <= tops
    assert {"CMakeLists.txt", "pyproject.toml", "LICENSE", "NOTICE", "README.md", "PKG-INFO"} <= names
    assert {name for name in names if name.partition("/")[0] in folders} == {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert all("/" not in name for name in names if name.partition("/")[0] not in folders)
