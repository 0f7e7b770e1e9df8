"""Commands of ``ipot`` that draw: one map, small maps of a layer, the whole atlas.

Heavy imports wait inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from views.cli import inputs
from views.cli.root import (
    DatasetOption,
    DrawsOption,
    LanguageOption,
    LensOption,
    RecipeOption,
    SeedOption,
    SpreadOption,
    cli,
    open_dataset,
    progress_bar,
    recipe_for,
    tell,
)

if TYPE_CHECKING:
    from views.picture_words import View

#: What people may call the views of certainty.
_CALLED = {"acceptability": "top_quarter", "band": "width"}

#: As `geo.classes.Scheme`, which would bring pandas along.
Scheme = Literal["quantiles", "fisher_jenks", "equal_interval"]

SchemeOption = Annotated[Scheme, typer.Option(help="How classes are made.")]
ClassesOption = Annotated[int, typer.Option(min=3, max=7, help="Number of classes.")]
YearOption = Annotated[
    int | None, typer.Option(help="Newest values not after this year; as the recipe if absent.")
]
DateOption = Annotated[
    str | None, typer.Option(help="Date to print, such as 2026-11-21; today if absent.")
]


@cli.command("map")
def draw_map(
    output: Annotated[Path, typer.Option("--output", "-o", help=".png, .svg or .pdf")],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    show: Annotated[
        str,
        typer.Option(help="score, acceptability, band, layer:ID or indicator:ID, as in the app."),
    ] = "score",
    layer: Annotated[
        str | None, typer.Option(help="Small maps of all indicators of this layer on one sheet.")
    ] = None,
    scheme: SchemeOption = "quantiles",
    classes: ClassesOption = 5,
    doubt: Annotated[bool, typer.Option(help="Hatch Kreise of unsure class (score only).")] = True,
    year: YearOption = None,
    highlight: Annotated[
        str | None, typer.Option(metavar="REGION", help="Outline a region, by key or name.")
    ] = None,
    draws: DrawsOption = 1_000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    date: DateOption = None,
    language: LanguageOption = "de",
) -> None:
    """Draw a map with legend, sources and recipe, or small maps of a whole layer."""
    from geo import maps
    from geo.place import check_file, replace
    from layers import RecipeError
    from views import pictures

    maps.check_suffix(output.suffix, f"{output}: ")
    check_file(output)
    if layer is not None and (show != "score" or highlight is not None):
        msg = "--layer draws all indicators of a layer; leave out --show and --highlight."
        raise RecipeError(msg)
    day = _day(date)
    view = _view(
        dataset, (recipe, lens, year), (draws, seed, spread), date=day, language=language
    )  # fmt: skip
    view = _set_up(view, show, scheme, classes, doubt=doubt)
    ground = pictures.ground(view.dataset)
    if layer is not None:
        sheet = pictures.layer_sheet(view, ground, layer.removeprefix("layer:"))
        replace(output, maps.render_multiples(sheet, output.suffix))
        return
    outlined = "" if highlight is None else inputs.region_key(view.scores, highlight)
    replace(output, maps.render(pictures.sheet(view, ground, highlight=outlined), output.suffix))


@cli.command("atlas")
def write_atlas(
    output: Annotated[Path, typer.Option("--output", "-o", help=".pdf")],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    scheme: SchemeOption = "quantiles",
    classes: ClassesOption = 5,
    year: YearOption = None,
    draws: DrawsOption = 1_000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    date: DateOption = None,
    language: LanguageOption = "de",
) -> None:
    """Write all maps as one accessible PDF: score, its certainty, and a sheet per indicator."""
    from geo.place import check_file, replace
    from layers.errors import ExportError
    from views import atlas, printing

    if output.suffix.lower() != ".pdf":
        raise ExportError(f"{output}: an atlas is written as .pdf.")
    check_file(output)
    printing.check()
    view = _view(
        dataset, (recipe, lens, year), (draws, seed, spread), date=_day(date), language=language
    )  # fmt: skip
    view = _set_up(view, "score", scheme, classes, doubt=True)
    with progress_bar("atlas") as progress:
        replace(output, atlas.make(view, progress))


def _view(
    dataset: Path | None, choice: tuple[Path | None, str | None, int | None],
    drawing: tuple[int, int, float | None], *, date: dt.date, language: Literal["de", "en"],
) -> View:  # fmt: skip
    """Score, draw rank bands, and gather what maps are drawn from."""
    from layers import Recipe, score
    from layers.home import active_dataset
    from layers.robust import robust_scores
    from views import picture_words
    from views.i18n import words
    from views.state import PageState

    opened = open_dataset(dataset or active_dataset())
    recipe, lens, year = choice
    chosen = recipe_for(opened, recipe, lens)
    if year is not None:
        chosen = Recipe.parse(chosen.to_dict() | {"year": year}, where="--year")
    scores = score(opened, chosen)
    tell(scores.warnings)
    draws, seed, spread = drawing
    bands = robust_scores(scores, draws=draws, seed=seed, spread=spread)
    state = PageState(recipe=chosen, language=language)
    return picture_words.view(state, scores, bands, words(language), date=date)


def _set_up(
    view: View, show: str, scheme: Scheme, classes: int, *, doubt: bool
) -> View:  # fmt: skip
    """Say what is shown and how.

    Raises
    ------
    RecipeError
        If there is no such figure, or no value for it.
    """
    from dataclasses import replace

    from layers import RecipeError
    from views.figures import choices

    show = _CALLED.get(show, show)
    allowed = choices(view.scores)
    if show not in allowed:
        called = {key: word for word, key in _CALLED.items()}
        listed = ", ".join(called.get(one, one) for one in allowed)
        raise RecipeError(f"--show '{show}': there is no such map; allowed: {listed}.")
    kind, _, key = show.partition(":")
    if kind == "indicator" and not view.scores.years[key]:
        raise RecipeError(f"--show '{show}': there are no values up to the year of the recipe.")
    state = replace(view.state, show=show, scheme=scheme, classes=classes, doubt=doubt)
    return replace(view, state=state)


def _day(words: str | None) -> dt.date:
    """Read a date; today if there is none."""
    from layers import RecipeError

    if words is None:
        return dt.datetime.now().astimezone().date()
    try:
        return dt.date.fromisoformat(words)
    except ValueError as cause:
        msg = f"--date '{words}': a date is needed, such as 2026-11-21."
        raise RecipeError(msg) from cause
