"""The command that writes pages for other people's pages.

Heavy imports wait inside the command, so that ``--help`` is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from views.cli.inputs import region_key
from views.cli.root import (
    DatasetOption,
    DrawsOption,
    LanguageOption,
    LensOption,
    RecipeOption,
    SeedOption,
    SpreadOption,
    cli,
    progress_bar,
    say,
    scored,
)

if TYPE_CHECKING:
    from layers import RecipeError, Scores
    from views.embed import Matter
    from views.state import PageState

#: What people may call the figures of certainty, as with ``ipot map``.
_CALLED = {"acceptability": "top_quarter", "band": "width"}


@cli.command("embed")
def write_embed(
    output: Annotated[Path, typer.Option("--output", "-o", help=".html")],
    *,
    dataset: DatasetOption = None,
    recipe: RecipeOption = None,
    lens: LensOption = None,
    kind: Annotated[
        Literal["map", "sliders", "profile", "compare"],
        typer.Option(help="A fixed map, a map with weights to move, one region, or two."),
    ] = "map",
    region: Annotated[
        list[str] | None,
        typer.Option(help="Key or name: once for a profile, twice for a comparison."),
    ] = None,
    show: Annotated[
        str, typer.Option(help="score, acceptability, band, layer:ID or indicator:ID.")
    ] = "score",
    scheme: Annotated[
        Literal["quantiles", "fisher_jenks", "equal_interval"], typer.Option(help="Classes.")
    ] = "quantiles",
    classes: Annotated[int, typer.Option(min=3, max=7, help="Number of classes.")] = 5,
    doubt: Annotated[bool, typer.Option(help="Hatch Kreise of unsure class (score only).")] = True,
    draws: DrawsOption = 1_000,
    seed: SeedOption = 1,
    spread: SpreadOption = None,
    app: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address of an app to link back to.")
    ] = "",
    lines: Annotated[
        str, typer.Option("--snippet", metavar="ADDRESS",
                          help="Print lines that show the file, which will lie at this address."),
    ] = "",
    folium: Annotated[
        bool, typer.Option("--folium", help="A slippy map; with --tiles it asks other hosts.")
    ] = False,
    tiles: Annotated[
        str, typer.Option(help="With --folium: topplus, topplus-grey or an https:// address.")
    ] = "",
    attribution: Annotated[
        str, typer.Option(help="With --tiles: what the provider of one's own tiles asks for.")
    ] = "",
    leaflet: Annotated[
        Path | None, typer.Option(help="With --folium: folder of leaflet.js and leaflet.css.")
    ] = None,
    language: LanguageOption = "de",
) -> None:  # fmt: skip
    """Write one self-contained HTML page: a map, a profile or a comparison to be embedded."""
    from geo.place import check_file, replace
    from views.state import SPREADS, PageState

    _check(output, app, lines, slippy=folium, tiled=bool(tiles or leaflet))
    check_file(output)
    scores = scored(dataset, recipe, lens)
    regions = tuple(region_key(scores, one) for one in region or ())
    state = PageState(
        recipe=scores.recipe, language=language, show=_shown(show, scores), scheme=scheme,
        classes=classes, doubt=doubt,
        spread=next((key for key, one in SPREADS.items() if one == spread), "all"),
        selected=next(iter(regions), ""),
    )  # fmt: skip
    matter = _matter(scores, state, (draws, seed, spread), app)
    if folium:
        replace(output, _slippy(matter, tiles, attribution, leaflet))
        return
    from views.embed import build, snippet

    made = build(kind, matter, regions)
    replace(output, made.html)
    if lines:
        typer.echo(snippet(made, lines, matter.words, way_back=matter.address))


def _refusal(message: str) -> RecipeError:
    from layers import RecipeError

    return RecipeError(message)


def _check(output: Path, app: str, lines: str, *, slippy: bool, tiled: bool) -> None:
    """Refuse what would be written in vain, before any work."""
    if output.suffix.lower() not in {".html", ".htm"}:
        raise _refusal(f"{output}: an embed is a page; name a file that ends in .html.")
    if app and not app.startswith(("https://", "http://")):
        raise _refusal(f"--app '{app}': an address such as https://atlas.example.org is needed.")
    if tiled and not slippy:
        raise _refusal("--tiles and --leaflet belong to --folium; add it or leave them out.")
    if slippy and lines:
        raise _refusal("--snippet: the lines keep a page from other hosts; leave out --folium.")


def _shown(show: str, scores: Scores) -> str:
    """Return the key of a figure."""
    from views.figures import choices

    key, allowed = _CALLED.get(show, show), choices(scores)
    if key not in allowed:
        called = {key: word for word, key in _CALLED.items()}
        listed = ", ".join(called.get(one, one) for one in allowed)
        raise _refusal(f"--show '{show}': there is no such map; allowed: {listed}.")
    named = key.removeprefix("indicator:")
    if named != key and not scores.years[named]:
        raise _refusal(f"--show '{show}': there are no values up to the year of the recipe.")
    return key


def _matter(
    scores: Scores, state: PageState, drawing: tuple[int, int, float | None], app: str
) -> Matter:
    from urllib.parse import urlencode

    from layers.paths import default_recipe
    from layers.robust import robust_scores
    from views.embed import Matter
    from views.i18n import words
    from views.state import write

    draws, seed, spread = drawing
    with progress_bar("rank bands") as progress:
        bands = robust_scores(
            scores, draws=draws, seed=seed, spread=spread,
            progress=lambda done: progress(done, draws),
        )  # fmt: skip
    query = urlencode(write(state, default_recipe(scores.dataset)))
    address = f"{app.rstrip('/')}/{query and '?' + query}" if app else ""
    return Matter(state, scores, bands, words(state.language), address)


def _slippy(matter: Matter, tiles: str, attribution: str, folder: Path | None) -> bytes:
    """Draw over tiles, and say whom the page will ask."""
    from geo import slippy
    from views.embed.folium_page import sheet

    chosen = slippy.tiles_of(tiles, attribution) if tiles else None
    copy = slippy.find_leaflet(folder)
    if asked := slippy.hosts(chosen, copy):
        say(f"note: the page asks other hosts when it is opened: {', '.join(asked)}.")
    elif copy is None:
        say("note: without a copy of Leaflet the page is a fixed picture; name its folder with "
            "--leaflet (Debian: package libjs-leaflet), or give --tiles.")  # fmt: skip
    return slippy.page(sheet(matter), tiles=chosen, leaflet=copy)
