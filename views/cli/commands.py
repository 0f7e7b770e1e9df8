"""Commands of ``ipot``. Heavy imports wait inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers import Bands, Dataset, Scores

_USAGE = 2


class _Group(TyperGroup):
    """Turns our errors into one line on standard error and exit code 2.

    The type of `ctx` is the private matter of typer, which carries its own copy of click.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, with ``--debug`` allowed anywhere."""
        return super().parse_args(ctx, sorted(args, key=lambda one: one != "--debug"))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a traceback is shown only with ``--debug`` or for a fault of ours."""
        try:
            return super().invoke(ctx)
        except ValueError as fault:
            from layers.errors import PotenzialatlasError

            if ctx.params.get("debug") or not isinstance(fault, PotenzialatlasError):
                raise
            _say(str(fault))
            raise typer.Exit(_USAGE) from fault


cli = typer.Typer(
    cls=_Group, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False,
    help="Integration potential of regions: scores, stages and the certainty of every rank.",
)  # fmt: skip
data = typer.Typer(no_args_is_help=True, help="Build the embedded dataset, or check any dataset.")
cli.add_typer(data, name="data")

DatasetOption = Annotated[
    Path | None, typer.Option("--dataset", "-d", help="Dataset folder; the embedded one if absent.")
]
RecipeOption = Annotated[
    Path | None, typer.Option("--recipe", "-r", help="Recipe file (TOML); equal weights if absent.")
]
DrawsOption = Annotated[int, typer.Option(help="Weightings drawn for the rank bands.")]
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


@cli.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def start_app(
    ctx: typer.Context,
    *,
    dataset: DatasetOption = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Start the app in the browser; further options are handed to Streamlit."""
    from layers.errors import PotenzialatlasError
    from layers.paths import project_root

    script = project_root() / "app.py"
    if not script.is_file():
        msg = f"{script}: the app is missing; start it from a copy of the repository."
        raise PotenzialatlasError(msg)
    command = [sys.executable, "-m", "streamlit", "run", str(script), *ctx.args]
    if port is not None:
        command += ["--server.port", str(port)]
    environment = dict(os.environ)
    if dataset is not None:
        environment["POTENZIALATLAS_DATASET"] = str(dataset.resolve())
    # The command is this interpreter with the user's own options.
    raise typer.Exit(subprocess.run(command, check=False, env=environment).returncode)  # noqa: S603


@cli.command("score")
def write_scores(
    output: Annotated[
        Path, typer.Option("--output", "-o", help=".geojson, .gpkg, .parquet, .csv or .xlsx")
    ],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    draws: Annotated[
        int, typer.Option(help="Weightings for rank bands; 0 leaves them out.")
    ] = 1000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Write score, rank, rank band and layer values of every region."""
    from geo import publish

    publish.check_target(output)
    scores = _score(dataset, recipe)
    bands = _draw(scores, draws, seed, spread) if draws != 0 else None
    publish.write(scores, output, bands=bands, language=language, excel_de=excel_de)


@cli.command("stages")
def write_stages(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the CSV files.")],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    language: LanguageOption = "de",
) -> None:
    """Write every stage of a run as CSV, from raw values to ranks."""
    from geo import publish

    publish.write_stages(_score(dataset, recipe), output, language=language)


@cli.command("robust")
def write_robust(
    output: Annotated[
        Path, typer.Option("--output", "-o", help=".csv, .xlsx, .parquet, .geojson or .gpkg")
    ],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    draws: DrawsOption = 10_000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Write how sure every rank is: bands, share in the best quarter, central weights."""
    from geo import publish

    publish.check_target(output)
    scores = _score(dataset, recipe)
    bands = _draw(scores, draws, seed, spread)
    publish.write(
        scores, output, bands=bands, content="bands", language=language, excel_de=excel_de
    )  # fmt: skip


@data.command("build")
def build_dataset(
    source: Annotated[Path, typer.Option("--from", help="Folder of the publishers' files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Dataset folder to write.")],
) -> None:
    """Build the embedded dataset from the publishers' files; print what was read and left out."""
    from geo import kreise
    from layers.paths import data_folder

    with _waiting("data build"):
        report = kreise.build(source, data_folder() / "definitions" / "kreise", output)
    typer.echo(str(report))


@data.command("check")
def check_dataset(
    folder: Annotated[Path, typer.Argument(help="Dataset folder.")],
    *,
    language: LanguageOption = "de",
) -> None:
    """Check a dataset folder and print what it holds, its gaps and open licences."""
    from views.cli.check import changed_files, report

    dataset = _open(folder)
    for line in report(dataset, language):
        typer.echo(line)
    if changed_files(dataset.path):
        raise typer.Exit(_USAGE)


def main() -> None:
    """Run ``ipot``."""
    cli(prog_name="ipot")


def _open(folder: Path) -> Dataset:
    from layers import Dataset

    dataset = Dataset.open(folder)
    for notice in dataset.notices:
        _say(notice)
    return dataset


def _score(folder: Path | None, recipe: Path | None) -> Scores:
    """Open dataset and recipe and score, with all warnings on standard error."""
    from layers import Recipe, score
    from layers.paths import data_folder, default_recipe

    dataset = _open(folder or data_folder() / "kreise")
    scores = score(dataset, Recipe.load(recipe) if recipe else default_recipe(dataset))
    for warning in scores.warnings:
        _say(warning.message)
    return scores


def _draw(scores: Scores, draws: int, seed: int, spread: float | None) -> Bands:
    from layers.robust import robust_scores

    with _waiting("rank bands"):
        return robust_scores(scores, draws=draws, seed=seed, spread=spread)


def _say(line: str) -> None:
    typer.echo(f"ipot: {' '.join(line.split())}", err=True)


@contextmanager
def _waiting(what: str) -> Iterator[None]:
    """Show on a terminal that work goes on, and for how long."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        progress.add_task(what, total=None)
        yield
