"""``ipot server check``: whether a server is set up as it should be, seen from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from views.cli.root import LanguageOption, cli

server = typer.Typer(no_args_is_help=True, help="Look after a server that others use.")
cli.add_typer(server, name="server")

_TEXTS = Path(__file__).with_suffix(".toml")
#: Exit code where something must be done; 2 stands for a mistake in what was asked.
_WRONG = 1


@server.command("check")
def check_server(
    address: Annotated[
        str, typer.Argument(metavar="URL", help="Address of the app, such as https://example.org.")
    ],
    *,
    expect: Annotated[
        str, typer.Option(help="Dataset that it should serve, such as kreise@2026.3.")
    ] = "",
    language: LanguageOption = "de",
) -> None:
    """Look at a running server from outside: one line per check, with what is to be done.

    Exit code 1 where something must be done.
    """
    from layers.texts import texts
    from views.server.check import Server, examine

    words = texts(_TEXTS)
    verdicts = set()
    for one in examine(Server(address), expect):
        verdict, name = words[one.verdict][language], words[f"check_{one.check}"][language]
        typer.echo(f"{verdict:<8} {name}: {words[one.key][language].format(**one.about)}")
        verdicts.add(one.verdict)
    if "fail" in verdicts:
        raise typer.Exit(_WRONG)
