"""Every command of ``ipot`` with its arguments and options, as the program itself explains them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import typer

from handbook.common import say, table
from views.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from views.i18n import Language

__all__ = ["commands", "paths"]


def commands(language: Language, _rest: str) -> str:
    """All commands, in the order of the alphabet."""
    return "\n\n".join(_told(path, one, language) for path, one in sorted(_all()))


def paths() -> list[str]:
    """All commands as one types them, such as ``ipot data check``."""
    return sorted(path for path, _ in _all())


def _all() -> Iterator[tuple[str, Any]]:
    yield from _below("ipot", typer.main.get_command(cli))


def _below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Walk down to the commands that do something; groups only hold others."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, one in inner.items():
        yield from _below(f"{path} {name}", one)


def _told(path: str, command: Any, language: Language) -> str:
    given = [one for one in command.params if not one.opts[0].startswith("-")]
    options = [one for one in command.params if one not in given and not one.hidden]
    usage = " ".join([path, *(_argument(one) for one in given), "[OPTIONS]" if options else ""])
    parts = [f"## `{path}`", " ".join((command.help or "").split()), f"```text\n{usage}\n```"]
    if given:
        parts.append(_table("argument", [(_argument(one), _help(one)) for one in given], language))
    if options:
        parts.append(_table("option", [(_option(one), _help(one)) for one in options], language))
    return "\n\n".join(parts)


def _table(kind: str, rows: list[tuple[str, str]], language: Language) -> str:
    head = [say(kind, language), say("meaning", language)]
    return table(head, [(f"`{name}`", meaning) for name, meaning in rows])


def _argument(one: Any) -> str:
    name = one.metavar or one.name.upper()
    return name if one.required else f"[{name}]"


def _option(one: Any) -> str:
    names = ", ".join([*one.opts, *one.secondary_opts])
    return names if one.is_flag else f"{names} {one.metavar or _kind(one)}"


def _kind(one: Any) -> str:
    """Name the kind of value; the type lies where typer keeps what it has read of a signature."""
    annotation = one.type_descriptor.annotation
    while get_origin(annotation) in {list, tuple}:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return "|".join(map(str, get_args(annotation)))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "|".join(str(choice.value) for choice in annotation)
    name = getattr(annotation, "__name__", "value")
    return {"str": "TEXT", "int": "NUMBER", "float": "NUMBER", "Path": "PATH"}.get(name, "VALUE")


def _help(one: Any) -> str:
    told = " ".join((one.help or "").split())
    if one.required:
        return told
    plain = isinstance(one.default, str | int | float) and not isinstance(one.default, bool)
    return f"{told} *({one.default})*" if plain and one.default != "" else told
