"""Every example of a docstring runs, and everything public has a docstring in NumPy's style."""

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import matplotlib
import pytest

import appraise as ap

matplotlib.use("Agg")
from matplotlib import pyplot as plt


def modules() -> Iterator[str]:
    yield "appraise"
    for found in pkgutil.walk_packages(ap.__path__, "appraise."):
        if not found.name.endswith("._core"):
            yield found.name


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.parametrize("name", list(modules()))
def test_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.testmod(module, optionflags=flags).failed == 0


def public() -> Iterator[tuple[str, object]]:
    spaces: list[tuple[str, ModuleType]] = [("appraise", ap), ("appraise.plot", ap.plot)]
    for space, module in spaces:
        for name in module.__all__:
            yield f"{space}.{name}", getattr(module, name)


FUNCTIONS: list[tuple[str, Any]] = [(name, found) for name, found in public() if inspect.isfunction(found)]


@pytest.mark.parametrize(("name", "function"), FUNCTIONS, ids=[name for name, _ in FUNCTIONS])
def test_functions_are_documented(name: str, function: Any) -> None:
    text = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    for parameter in signature.parameters:
        assert parameter in text, f"{name}: {parameter} is not documented"
    for title in (["Parameters"] if signature.parameters else []) + ["Returns", "Examples"]:
        assert f"\n{title}\n{'-' * len(title)}\n" in text, f"{name} has no section {title}"
    assert "+SKIP" not in text


def test_everything_public_has_a_docstring() -> None:
    bare = [name for name, found in public() if name != "appraise.__version__" and not inspect.getdoc(found)]
    assert bare == []


def test_options_other_than_the_first_are_keywords() -> None:
    for name, function in FUNCTIONS:
        kinds = inspect.signature(function).parameters
        places = [key for key, each in kinds.items() if each.kind is each.POSITIONAL_OR_KEYWORD]
        assert len(places) <= 4, name
        assert "accept_unverified" not in places
