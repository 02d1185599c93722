"""The program as a shell and a reader meet it: completion, the reference made from it, --json, errors."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import appraise as ap
from appraise._commands import app
from appraise._describe.reference import commands, to_man, to_markdown
from conftest import SAMPLE, Run

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "command-line.md"
PROGRAM = Path(sys.executable).with_name("appraise")
CASELOAD = Path(__file__).parents[2] / "examples" / "caseload.csv"


def test_reference_is_that_of_the_program() -> None:
    remake = "python -m appraise._describe.reference > docs/reference/command-line.md"
    assert REFERENCE.read_text(encoding="utf-8") == to_markdown(), f"to be made again: {remake}"


def test_reference_tells_of_every_command_and_option() -> None:
    built: Any = typer.main.get_command(app)
    program, *others = commands()
    assert [each.name for each in others] == sorted(built.commands)
    for command in others:
        written = {name for each in command.options for name in re.findall(r"-[\w-]+", each.written.split(" ")[0])}
        written |= {name for each in command.options for name in re.findall(r", (-[\w-]+)", each.written)}
        named = {name for each in built.commands[command.name].params for name in (*each.opts, *each.secondary_opts)}
        assert written == {name for name in named if name.startswith("-")}, command.name
        assert command.paragraphs
        assert all(each.help for each in (*command.arguments, *command.options)), command.name
    assert {each.written for each in program.options} >= {"--version", "--help"}


def test_manual_page_has_the_same_parts() -> None:
    page = to_man("1.2.3")
    assert page.startswith('.TH APPRAISE 1 "" "appraise 1.2.3"')
    assert page.count(".SS ") == len(app.registered_commands)
    for section in ("NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS"):
        assert f".SH {section}" in page
    assert not re.search(r"(?m)^['.](?!TH|SH|SS|PP|TP)", page)


def complete(shell: str, words: str) -> str:
    environment = {**os.environ, "_APPRAISE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": words}
    environment |= {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    if shell == "fish":
        environment["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    ended = subprocess.run([PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    return ended.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_instruments(shell: str) -> None:
    ids = complete(shell, "appraise describe stat")
    assert "static-99r" in ids
    assert "sorna" not in ids


def test_shells_complete_commands_and_options() -> None:
    assert {"score", "rescore", "results"} <= set(re.findall(r"\w+", complete("bash", "appraise ")))
    assert "--equivalent" in complete("bash", "appraise rescore --eq")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_to_be_installed(shell: str) -> None:
    environment = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    ended = subprocess.run(
        [PROGRAM, "--show-completion", shell], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0
    assert f"complete_{shell}" in ended.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show", SAMPLE),
        ("check", SAMPLE),
        ("verify", SAMPLE),
        ("describe", SAMPLE),
        ("explain", "static-99r", CASELOAD, "--row", 2, "--accept-unverified"),
        ("rescore", CASELOAD, "--before", "stable-2007", "--accept-unverified"),
    ],
    ids=lambda each: each[0],
)
def test_json_is_all_that_is_printed(run: Run, arguments: tuple[object, ...]) -> None:
    ended = run(*arguments, "--json")
    assert ended.exit_code == 0
    assert json.loads(ended.output)


def test_json_of_a_faulty_definition_holds_its_diagnostics(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instrument.json").write_text('{"format": 1}', encoding="utf-8")
    ended = run("check", tmp_path, "--json")
    assert ended.exit_code == 1
    (checked,) = json.loads(ended.output)
    assert not checked["ok"]
    assert {"code", "line", "address", "expected"} <= set(checked["diagnostics"][0])


def test_quiet_leaves_only_what_is_wrong(run: Run) -> None:
    assert run("verify", SAMPLE, "--quiet") == (0, "")
    assert run("check", SAMPLE, "--quiet") == (0, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("scor",), "score"),
        (("show", "static-99r", "--editon", "1"), "--edition"),
        (("show", "stable2007"), "nearest: stable-2007"),
        (("show", "static-99r", "--edition", "2061"), "nearest: 2016"),
        (("show", "zzz"), "there are acute-2007"),
    ],
)
def test_what_is_not_known_is_answered_with_what_is_near(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert says in ended.output


def test_nearest_names_reach_python() -> None:
    with pytest.raises(ap.UsageError, match="nearest: static-99r"):
        ap.load("static-98r")
