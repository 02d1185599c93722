"""The reference of the command line, made from the program itself: Markdown, and a manual page.

>>> python -m appraise._describe.reference > docs/reference/command-line.md  # doctest: +SKIP
>>> python -m appraise._describe.reference man > appraise.1  # doctest: +SKIP
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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


def commands() -> tuple[Command, ...]:
    """The commands of the program in alphabetical order; the program itself first, under an empty name."""
    import typer

    from appraise._commands import app

    program: Any = typer.main.get_command(app)
    return _command("", program), *(_command(name, program.commands[name]) for name in sorted(program.commands))


def _command(name: str, command: Any) -> Command:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and not each.hidden]
    places = " ".join(_place(each) for each in arguments)
    needed = " ".join(f"{each.opts[0]} {_value(each)}" for each in options if each.required)
    usage = " ".join(filter(None, ["appraise", name or "COMMAND", "[OPTIONS]", needed, places if name else "..."]))
    text = inspect.cleandoc(command.help or "")
    paragraphs = tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip())
    return Command(
        name,
        usage,
        paragraphs,
        tuple(Parameter(_place(each), each.help or "", _default(each), each.required) for each in arguments),
        tuple(sorted((_option(each) for each in options), key=lambda each: each.written.lstrip("-").lower())),
    )


def _place(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name.upper()).strip("[]").removesuffix("...").removesuffix("]")
    name += "..." if parameter.nargs == -1 else ""
    return name if parameter.required else f"[{name}]"


def _value(option: Any) -> str:
    if option.is_flag:
        return ""
    choices = getattr(option.type, "choices", None)
    if choices:
        return "|".join(str(getattr(each, "value", each)) for each in choices)
    kinds = {"text": "TEXT", "str": "TEXT", "int": "NUMBER", "integer": "NUMBER", "integer range": "NUMBER"}
    kinds |= {"float": "NUMBER", "float range": "NUMBER", "path": "PATH", "file": "PATH"}
    return str(option.metavar or kinds.get(option.type.name.lower(), option.type.name.upper()))


def _option(option: Any) -> Parameter:
    names = ", ".join(
        sorted([*option.opts, *option.secondary_opts], key=lambda name: (not name.startswith("--"), name))
    )
    written = f"{names} {_value(option)}".strip() + (" ..." if option.multiple else "")
    return Parameter(written, option.help or "", _default(option), option.required)


def _default(parameter: Any) -> str:
    default = parameter.default
    if default is None or default is False or default == () or callable(default) or not str(default):
        return ""
    return "" if type(default).__name__ == "Sentinel" or default is ... else str(getattr(default, "value", default))


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
