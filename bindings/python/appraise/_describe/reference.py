"""The reference of the command line, made from the program itself: Markdown, and a manual page.

>>> python -m appraise._describe.reference > docs/reference/command-line.md  # doctest: +SKIP
>>> python -m appraise._describe.reference man > appraise.1  # doctest: +SKIP
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_origin

EXIT_CODES = (
    ("0", "Done."),
    ("1", "There are findings: a check, verification or audit found something, or a stop threshold is exceeded."),
    ("2", "It could not be done: a wrong option, a file that cannot be read or written."),
)


@dataclass(frozen=True)
class Parameter:
    """An argument or option: how it is written, what it does, its default."""

    written: str
    help: str
    default: str = ""
    required: bool = False


@dataclass(frozen=True)
class Command:
    """One command of the program."""

    name: str
    usage: str
    paragraphs: tuple[str, ...]
    arguments: tuple[Parameter, ...]
    options: tuple[Parameter, ...]


PROGRAM_OPTIONS = (
    Parameter("--help", "Print what the program, or a command, does, and end."),
    Parameter("--install-completion", "Install completion for the shell in use (bash, zsh or fish)."),
    Parameter("--show-completion", "Print the completion of the shell in use, to be installed by hand."),
    Parameter("--version", "Print the version and end."),
)


def commands() -> tuple[Command, ...]:
    """The commands of the program in alphabetical order; the program itself first, under an empty name."""
    from appraise._commands import app

    program = Command("", "appraise COMMAND [OPTIONS] ...", _paragraphs(str(app.info.help)), (), PROGRAM_OPTIONS)
    found = [_command(each.name, each.callback) for each in app.registered_commands if each.callback]
    return program, *sorted(found, key=lambda each: each.name)


def _command(name: str | None, function: Callable[..., object]) -> Command:
    from typer.models import OptionInfo

    arguments: list[Parameter] = []
    options: list[Parameter] = []
    for each in inspect.signature(function, eval_str=True).parameters.values():
        kind, info = get_args(each.annotation)
        if isinstance(info, OptionInfo):
            options.append(_option(each, kind, info))
        else:
            arguments.append(_argument(each, info))
    options.sort(key=lambda each: each.written.lstrip("-").lower())
    name = name or function.__name__.replace("_", "-")
    needed = [re.sub(r", -\w\b", "", each.written) for each in options if each.required]
    usage = " ".join(["appraise", name, *needed, *(each.written for each in arguments), "[OPTIONS]"])
    return Command(name, usage, _paragraphs(inspect.cleandoc(function.__doc__ or "")), tuple(arguments), tuple(options))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _argument(given: inspect.Parameter, info: Any) -> Parameter:
    required = given.default is inspect.Parameter.empty
    name = str(info.metavar or given.name.upper())
    return Parameter(name if required or name.startswith("[") else f"[{name}]", info.help or "", required=required)


def _option(given: inspect.Parameter, kind: Any, info: Any) -> Parameter:
    # In an annotation the first name that is given stands where a default otherwise would.
    declared = [name for name in (info.default, *(info.param_decls or ())) if isinstance(name, str)]
    names = [name for name in declared if name.startswith("-")] or [f"--{given.name.replace('_', '-')}"]
    plain = [each for each in get_args(kind) if each is not type(None)] if get_origin(kind) is not list else [kind]
    plain = plain or [kind]
    several = get_origin(plain[0]) is list
    written = " ".join(filter(None, [", ".join(names), _value(plain[0], info)])) + (" ..." if several else "")
    default = given.default
    shown = "" if default in (None, False, "", inspect.Parameter.empty) else str(getattr(default, "value", default))
    if default is True:
        shown = "on"
    return Parameter(written, info.help or "", shown, default is inspect.Parameter.empty)


def _value(kind: Any, info: Any) -> str:
    """How the value of an option is written."""
    if kind is bool:
        return ""
    if info.metavar:
        return str(info.metavar)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(each.value) for each in kind)
    inner = get_args(kind)[0] if get_origin(kind) is list else kind
    return {int: "NUMBER", float: "NUMBER", str: "TEXT"}.get(inner, str(inner.__name__).upper())


def to_markdown() -> str:
    """The reference as one page of Markdown."""
    program, *others = commands()
    parts = [
        "# Command line",
        "This page is made from the program: "
        "`python -m appraise._describe.reference > docs/reference/command-line.md`.",
        *program.paragraphs,
        "## Commands",
        "| command | what it does |\n|---|---|\n"
        + "\n".join(f"| [`{each.name}`](#{each.name}) | {_cell(each.paragraphs[0])} |" for each in others),
        _parameters("Options of the program", program.options),
        "## Exit codes",
        "| code | meaning |\n|---|---|\n" + "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES),
    ]
    for each in others:
        parts += [f"## {each.name}", f"```\n{each.usage}\n```", *map(_text, each.paragraphs)]
        parts += [_parameters("Arguments", each.arguments), _parameters("Options", each.options)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _parameters(title: str, given: tuple[Parameter, ...]) -> str:
    if not given:
        return ""
    rows = [f"| `{_cell(each.written)}` | {_cell(_says(each))} |" for each in given]
    return "\n".join([f"**{title}**\n", "| | |", "|---|---|", *rows])


def _says(parameter: Parameter) -> str:
    says = parameter.help
    if parameter.required and parameter.written.startswith("-"):
        says += " Required."
    if parameter.default and "default" not in says.lower():
        says += f" Default: {parameter.default}."
    return says


def _text(text: str) -> str:
    return text.replace("<", "\\<")


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def to_man(version: str) -> str:
    """The reference as a manual page (roff, man macros)."""
    program, *others = commands()
    lines = [f'.TH APPRAISE 1 "" "appraise {version}" "User commands"', ".SH NAME"]
    lines += [r"appraise \- scores risk-assessment instruments from published definitions", ".SH SYNOPSIS"]
    lines += [r"\fBappraise\fR \fICOMMAND\fR [\fIOPTIONS\fR] ...", ".SH DESCRIPTION"]
    lines += [line for text in program.paragraphs for line in (".PP", _roff(text))]
    lines += [".SH COMMANDS"]
    for each in others:
        lines += [f".SS {_roff(each.usage)}"]
        lines += [line for text in each.paragraphs for line in (".PP", _roff(text))]
        lines += list(_man_parameters((*each.arguments, *each.options)))
    lines += [".SH OPTIONS", *_man_parameters(program.options), ".SH EXIT STATUS"]
    lines += [line for code, meaning in EXIT_CODES for line in (".TP", _roff(code), _roff(meaning))]
    return "\n".join(lines) + "\n"


def _man_parameters(given: tuple[Parameter, ...]) -> Iterator[str]:
    for each in given:
        yield from (".TP", rf"\fB{_roff(each.written)}\fR", _roff(_says(each)))


def _roff(text: str) -> str:
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    from appraise import __version__

    sys.stdout.write(to_man(__version__) if sys.argv[1:] == ["man"] else to_markdown())
