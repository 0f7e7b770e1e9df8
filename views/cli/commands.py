"""Commands of ``ipot`` on data, scores and rank bands.

Heavy imports wait inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from views.cli.inputs import check_draws_target, whole_numbers, write_draws
from views.cli.root import (
    USAGE,
    DatasetOption,
    DrawsOption,
    ExcelOption,
    LanguageOption,
    LensOption,
    RecipeOption,
    SeedOption,
    SpreadOption,
    cli,
    open_dataset,
    progress_bar,
    quiet_solver,
    scored,
)

if TYPE_CHECKING:
    from layers import Bands, Scores

data = typer.Typer(no_args_is_help=True, help="Build the datasets, or check any dataset.")
cli.add_typer(data, name="data")


@cli.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def start_app(
    ctx: typer.Context,
    *,
    dataset: DatasetOption = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    allow_update: Annotated[
        bool,
        typer.Option(
            "--allow-update",
            help="Offer the update of the data on the page Daten, to everybody who can open the "
            "app.",
        ),
    ] = False,
) -> None:
    """Start the app in the browser; further options are handed to Streamlit.

    Settings of a server for several people stand in deploy/README.md; they come from a TOML file
    that POTENZIALATLAS_SERVER names, or from environment variables.
    """
    from views.server.settings import read

    settings = read(os.environ)
    command = [sys.executable, "-m", "streamlit", "run", str(_script()), *ctx.args]
    if port is not None:
        command += ["--server.port", str(port)]
    environment = dict(os.environ)
    if dataset is not None:
        environment["POTENZIALATLAS_DATASET"] = str(dataset.resolve())
    if allow_update:
        environment["POTENZIALATLAS_ALLOW_UPDATE"] = "1"
    # Without proxies that are trusted, nobody is believed who says whom they speak for.
    environment["FORWARDED_ALLOW_IPS"] = ",".join(settings.trusted_proxies)
    _become(command, environment)


def _script() -> Path:
    """Entry of the app: in a checkout, or the copy inside an installed package."""
    from layers.errors import PotenzialatlasError
    from layers.paths import project_root

    root = project_root()
    for script in (root / "app.py", root / "views" / "embedded" / "app.py"):
        if script.is_file():
            return script
    msg = f"{root}: the app is missing; install the package anew."
    raise PotenzialatlasError(msg)


def _become(command: list[str], environment: dict[str, str]) -> None:
    """Run the app in the place of this process, so that signals reach it."""
    # The command is this interpreter with the user's own options.
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, environment)  # noqa: S606
    raise typer.Exit(subprocess.run(command, check=False, env=environment).returncode)  # noqa: S603


@cli.command("score")
def write_scores(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help=".csv, .xlsx, .geojson, .topojson, .gpkg, .fgb or .parquet; .zip for all that "
            "belongs together, with descriptions.",
        ),
    ],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    values: Annotated[
        bool,
        typer.Option(
            "--values",
            help="Write instead every value that was scored, with year, flag and source "
            "(.csv, .xlsx or .parquet).",
        ),
    ] = False,
    draws: Annotated[
        int, typer.Option(help="Weightings for rank bands; 0 leaves them out.")
    ] = 1000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
    datawrapper: Annotated[
        bool,
        typer.Option(
            "--datawrapper",
            help="CSV as Datawrapper takes it for a map; its source lines go into a file beside "
            "it (.source.txt).",
        ),
    ] = False,
) -> None:
    """Write score, rank, rank band and layer values of every region."""
    from geo import publish

    content: Literal["values", "scores"] = "values" if values else "scores"
    publish.check_target(output, content=content, excel_de=excel_de, datawrapper=datawrapper)
    scores = scored(dataset, recipe, lens)
    bands = _draw(scores, draws, seed, spread) if draws != 0 and not values else None
    publish.write(
        scores, output, bands=bands, content=content, language=language, excel_de=excel_de,
        datawrapper=datawrapper,
    )  # fmt: skip


@cli.command("stages")
def write_stages(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the CSV files.")],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    language: LanguageOption = "de",
) -> None:
    """Write every stage of a run as CSV, from raw values to ranks."""
    from geo import publish

    publish.write_stages(scored(dataset, recipe, lens), output, language=language)


@cli.command("robust")
def write_robust(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help=".csv, .xlsx, .parquet, .geojson, .topojson, .gpkg or .fgb",
        ),
    ],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    draws: DrawsOption = 10_000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    blocks: Annotated[
        str | None,
        typer.Option(help="Last ranks of blocks, such as 10,50,100: adds how often a rank is in."),
    ] = None,
    extremes: Annotated[
        bool, typer.Option("--extremes", help="Add the best and worst rank over all weightings.")
    ] = False,
    time_limit: Annotated[
        float, typer.Option(help="With --extremes: seconds of search per region and side.")
    ] = 0.0,
    keep_draws: Annotated[
        Path | None, typer.Option(help="Write the weightings drawn here (.csv or .parquet).")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Draw on a Dask cluster that you trust."),
    ] = None,
    language: LanguageOption = "de",
    excel_de: ExcelOption = False,
) -> None:
    """Write how sure every rank is: bands, share in the best quarter, central weights."""
    from geo import publish
    from layers.study.reports.bands import extra_columns

    publish.check_target(output, content="bands")
    if keep_draws:
        check_draws_target(keep_draws)
    ends = whole_numbers(blocks, "--blocks", "10,50") if blocks is not None else None
    scores = scored(dataset, recipe, lens)
    bands = _draw(scores, draws, seed, spread, scheduler=scheduler)
    with progress_bar("extremes") as progress, quiet_solver():
        extra = extra_columns(
            scores, bands, blocks=ends, time_limit=time_limit if extremes else None,
            progress=progress,
        )  # fmt: skip
    publish.write(
        scores, output, bands=bands, content="bands", language=language, excel_de=excel_de,
        extra=extra,
    )  # fmt: skip
    if keep_draws:
        write_draws(scores, bands, keep_draws, language)


@data.command("build")
def build_dataset(
    source: Annotated[Path, typer.Option("--from", help="Folder of the publishers' files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Dataset folder to write.")],
    *,
    level: Annotated[
        Literal["kreis", "gemeinde"],
        typer.Option(help="Regions of the dataset: the 400 Kreise, or all municipalities."),
    ] = "kreis",
    grid: Annotated[
        Path | None,
        typer.Option(
            help="Build the population grid as well, in this folder, and measure access on it; "
            "if absent, the embedded grid serves."
        ),
    ] = None,
    census: Annotated[
        Path | None,
        typer.Option(help="With --grid: zip or CSV of the census grid of 2022, 1 km, inhabitants."),
    ] = None,
    official: Annotated[
        bool,
        typer.Option(
            "--official",
            help="Read every indicator from a file in its publisher's own format, as the head of "
            "definitions/kreise/official.toml lists them.",
        ),
    ] = False,
) -> None:
    """Build a dataset from the publishers' files; print what was read and left out."""
    from geo import gemeinden, kreise
    from geo import grid as grids
    from layers.paths import data_folder

    if official and level != "kreis":
        msg = "--official serves --level kreis alone."
        raise typer.BadParameter(msg)
    definitions = data_folder() / "definitions"
    with progress_bar("data build"):
        told = "" if grid is None else grids.build(source, definitions, grid, census=census)
        if level == "gemeinde":
            report = gemeinden.build(source, definitions / "gemeinden", output, grid=grid)
        else:
            report = kreise.build(
                source, definitions / "kreise", output, grid=grid,
                plan="official.toml" if official else "build.toml",
            )  # fmt: skip
    typer.echo(f"{told}\n{report}".strip())


@data.command("check")
def check_dataset(
    folder: Annotated[Path, typer.Argument(help="Dataset folder.")],
    *,
    language: LanguageOption = "de",
) -> None:
    """Check a dataset folder; print what it holds, what is unlikely, gaps and open licences."""
    from layers.quality import examine
    from views.cli.check import changed_files, quality_lines, report

    dataset = open_dataset(folder)
    for line in report(dataset, language):
        typer.echo(line)
    quality = examine(dataset)
    for line in quality_lines(quality, dataset, language):
        typer.echo(line)
    if quality.errors or changed_files(dataset.path):
        raise typer.Exit(USAGE)


def main() -> None:
    """Run ``ipot``."""
    cli(prog_name="ipot")


def _draw(
    scores: Scores, draws: int, seed: int, spread: float | None, *, scheduler: str | None = None
) -> Bands:
    from layers.certainty.cluster import robust_on
    from layers.robust import robust_scores

    with progress_bar("rank bands") as progress:

        def told(done: int) -> None:
            progress(done, draws)

        if scheduler is not None:
            return robust_on(
                scheduler, scores, draws=draws, seed=seed, spread=spread, progress=told
            )
        return robust_scores(scores, draws=draws, seed=seed, spread=spread, progress=told)
