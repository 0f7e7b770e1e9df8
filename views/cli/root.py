"""What all commands share: the group with its errors, options, notices and progress bars."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from views.cli.stops import Stopped, stoppable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from layers import Dataset, Recipe, Scores
    from layers.errors import Notice

USAGE = 2
_STDOUT = 1
#: Root of typer's faults; found this way because the copy of click that typer carries is private.
_Misuse: Any = next(one for one in typer.BadParameter.__mro__ if one.__name__ == "ClickException")


class _Group(TyperGroup):
    """Turns our errors and misused options into one line on standard error and exit code 2.

    The type of `ctx` is the private matter of typer, which carries its own copy of click.
    """

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None,
        complete_var: str | None = None, standalone_mode: bool = True,  # noqa: FBT001, FBT002 -- typer's
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 -- typer's
        **extra: Any,
    ) -> Any:  # fmt: skip
        """Run ``ipot``; a command, option or value that there is not is answered by one line."""

        def run() -> Any:
            return super(_Group, self).main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            )

        if not standalone_mode:
            return run()
        try:
            code = run()
        except _Misuse as misuse:
            code = USAGE
            # Without a message it is the help itself that was asked for, and printed.
            if message := misuse.format_message().rstrip("."):
                path = misuse.ctx.command_path if getattr(misuse, "ctx", None) else "ipot"
                say(f"{message}; see {path} --help.")
        except typer.Abort:
            say("stopped.")
            code = 1
        except Stopped as stop:
            code = stop.code
            if not stop.is_silent:
                say("stopped before the end; every file is whole, or as it was.")
        sys.exit(code or 0)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, with ``--debug`` allowed anywhere."""
        return super().parse_args(ctx, sorted(args, key=lambda one: one != "--debug"))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a traceback is shown only with ``--debug`` or for a fault of ours."""
        try:
            with stoppable():
                return super().invoke(ctx)
        except ValueError as fault:
            from layers.errors import PotenzialatlasError

            if ctx.params.get("debug") or not isinstance(fault, PotenzialatlasError):
                raise
            say(str(fault))
            raise typer.Exit(USAGE) from fault
        except OSError as fault:
            if ctx.params.get("debug"):
                raise
            from layers.whole import reason

            where = fault.filename or "the answer, or a file"
            say(f"{where}: cannot be read or written ({reason(fault)}).")
            raise typer.Exit(USAGE) from fault


cli = typer.Typer(
    cls=_Group, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
    help="Integration potential of regions: scores, stages and the certainty of every rank.",
)  # fmt: skip

DatasetOption = Annotated[
    Path | None, typer.Option("--dataset", "-d", help="Dataset folder; the active one if absent.")
]
RecipeOption = Annotated[
    Path | None, typer.Option("--recipe", "-r", help="Recipe file (TOML); equal weights if absent.")
]
LensOption = Annotated[
    str | None,
    typer.Option(
        "--lens",
        help="Group the indicators by this lens of the dataset instead of the recipe's; its areas "
        "have their usual weights then. '' for the usual areas; 'ipot data check' lists them.",
    ),
]  # fmt: skip
ReportOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o",
        help=".xlsx or .json, a folder (no suffix) for all tables as CSV, or .csv for the first; "
        "if absent, the answer is printed.",
    ),
]  # fmt: skip
DrawsOption = Annotated[int, typer.Option(help="Weightings to draw.")]
SeedOption = Annotated[int, typer.Option(help="Seed of the draws; equal seeds, equal numbers.")]
SpreadOption = Annotated[
    float | None,
    typer.Option(
        help="Vary each chosen weight by up to this share, above 0 and at most 1; "
        "if absent, all possible weightings are drawn."
    ),
]
LanguageOption = Annotated[
    Literal["de", "en"], typer.Option(help="Language of explanations in files and reports.")
]
ExcelOption = Annotated[
    bool, typer.Option("--excel-de", help="CSV as German Excel opens it: semicolons, commas.")
]


@cli.callback()
def _options(
    *, debug: Annotated[bool, typer.Option("--debug", help="Show a traceback on errors.")] = False
) -> None:
    """Read what holds for all commands; `_Group` looks at it."""


def say(line: str) -> None:
    """Say one line on standard error."""
    typer.echo(f"ipot: {' '.join(line.split())}", err=True)


def open_dataset(folder: Path) -> Dataset:
    """Open a dataset, with its notices on standard error."""
    from layers import Dataset
    from views.i18n import speak_of

    dataset = Dataset.open(folder)
    speak_of(dataset.region_level)
    for notice in dataset.notices:
        say(notice)
    return dataset


def scored(folder: Path | None, recipe: Path | None, lens: str | None = None) -> Scores:
    """Open dataset and recipe and score, with all warnings on standard error."""
    from layers.home import active_dataset

    return scored_in(open_dataset(folder or active_dataset()), recipe, lens)


def scored_in(dataset: Dataset, recipe: Path | None, lens: str | None = None) -> Scores:
    """Score an open dataset, with all warnings on standard error."""
    from layers import score

    scores = score(dataset, recipe_for(dataset, recipe, lens))
    tell(scores.warnings)
    return scores


def recipe_for(dataset: Dataset, path: Path | None, lens: str | None = None) -> Recipe:
    """Read a recipe, or take the usual one, and group by another lens if one is named."""
    from layers import Recipe
    from layers.paths import default_recipe
    from layers.regrouped import with_lens

    recipe = Recipe.load(path) if path else default_recipe(dataset)
    if lens is None or lens == recipe.lens:
        return recipe
    if any(key.startswith("layer:") for key in recipe.weights):
        say(f"{path}: its weights of layers are left out, because --lens has other layers.")
    return with_lens(recipe, dataset, lens)


def tell(notices: Iterable[Notice]) -> None:
    """Say notices on standard error."""
    for notice in notices:
        say(notice.message)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how much of long work is done; yields what takes (done, all).

    Until it is called first, the bar only shows that work goes on.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        # A bar that is switched off leaves an empty line behind, in older versions of rich.
        yield lambda _done, _total: None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def quiet_solver() -> Iterator[None]:
    """Keep what the solver's C library prints off standard output, which is for answers."""
    sys.stdout.flush()
    kept, nowhere = os.dup(_STDOUT), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    try:
        yield
    finally:
        # C keeps a buffer of its own, which must not be emptied after the way is open again.
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, _STDOUT)
        os.close(kept)
        os.close(nowhere)
