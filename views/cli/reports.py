"""The command that writes printed reports of regions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from views.cli.inputs import region_key
from views.cli.root import (
    DatasetOption,
    LanguageOption,
    LensOption,
    RecipeOption,
    cli,
    progress_bar,
    quiet_solver,
    scored,
)

if TYPE_CHECKING:
    from layers import Scores
    from views.i18n import Language
    from views.report.background import Background
    from views.report.document import Format

#: Weightings behind the rank bands and their seed: those of the app and of `ipot score`.
_DRAWS, _SEED = 1000, 1


@cli.command("report")
def write_report(
    region: Annotated[
        str | None, typer.Argument(help="Key or name of a region.", show_default=False)
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help=".pdf or .html; with --all a folder for PDFs.")
    ],
    every: Annotated[
        bool, typer.Option("--all", help="One PDF for every region that the recipe's filter keeps.")
    ] = False,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    language: LanguageOption = "de",
    date: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day to print below the pages; today if absent."),
    ] = None,
) -> None:
    """Write the report of one region, or of all: two pages to print, as PDF or HTML."""
    suffix = _checked(region, output, every=every)
    scores = scored(dataset, recipe, lens)
    day = date.date() if date else dt.date.today()  # noqa: DTZ011 -- the reader's own day
    if region is None:
        _write_all(scores, output, language, day)
        return
    from geo.place import replace
    from views.report.document import to_bytes

    key = region_key(scores, region)
    shared = _shared(scores, language, day, [key])
    with quiet_solver():
        content = to_bytes(key, shared, suffix)
    replace(output, content)


def _checked(region: str | None, output: Path, *, every: bool) -> Format:
    """Return the format; refuse what cannot be done before any work is done for it."""
    from geo.place import check_file, check_folder
    from layers.errors import ExportError, RecipeError
    from views.printing import check
    from views.report.document import FORMATS

    if every == (region is not None):
        raise RecipeError("report: name one region, or give --all, but not both.")
    if every:
        check_folder(output.parent)
        if output.is_file():
            raise ExportError(f"{output}: is a file; with --all name a folder.")
        check()
        return ".pdf"
    known = [suffix for suffix in FORMATS if suffix == output.suffix.lower()]
    if not known:
        what = f"unknown format '{output.suffix}'" if output.suffix else "the name has no suffix"
        raise ExportError(f"{output}: {what}; allowed: {', '.join(FORMATS)}.")
    check_file(output)
    if known[0] == ".pdf":
        check()
    return known[0]


def _shared(
    scores: Scores, language: Language, day: dt.date, regions: list[str]
) -> Background:  # fmt: skip
    from layers.robust import robust_scores
    from views.report.background import background

    bands = robust_scores(scores, draws=_DRAWS, seed=_SEED)
    return background(scores, bands, language, date=day, regions=regions)


def _write_all(scores: Scores, folder: Path, language: Language, day: dt.date) -> None:
    from geo.place import replace
    from views.report.batch import file_name, reports

    _make(folder)
    regions = [str(key) for key in scores.selected.index[scores.selected]]
    with progress_bar("reports") as told, quiet_solver():
        shared = _shared(scores, language, day, regions)
        for done, (region, content) in enumerate(reports(regions, shared), start=1):
            replace(folder / file_name(region, ".pdf"), content)
            told(done, len(regions))


def _make(folder: Path) -> None:
    from layers.errors import ExportError

    try:
        folder.mkdir(exist_ok=True)
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
        raise ExportError(f"{folder}: cannot be made ({reason}); choose another place.") from cause
