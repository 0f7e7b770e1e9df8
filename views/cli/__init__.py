"""The command line ``ipot``: one command per question, files as answers.

Standard output holds what was asked for, standard error what must be known besides. A fault is one
line and exit code 2; exit code 0 means that every file was written whole.
"""

from views.cli import (  # noqa: F401 -- its commands join the program by being imported
    access,
    add,
    analyses,
    distribute,
    embeds,
    groups,
    maps,
    places,
    reports,
    selfcheck,
    server,
    update,
)
from views.cli.commands import main
from views.cli.root import cli

__all__ = ["cli", "main"]
