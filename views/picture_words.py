"""What stands on printed maps: title, facts, sources, last line, and what is told of them aloud."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from babel.dates import format_date

from layers.provenance import provenance
from layers.table import names, scored_indicators
from views.selfcheck.marks import mark_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import pandas as pd

    from layers import Bands, Scores
    from layers.catalogue import Catalogue
    from layers.dataset import Dataset, Source
    from layers.provenance import IndicatorNote, Provenance
    from views.figures import Figure
    from views.i18n import Words
    from views.state import PageState

__all__ = [
    "View", "attributions", "description", "direction", "facts", "footer", "heading", "indicators",
    "note", "spread", "view", "written",
]  # fmt: skip

#: How the note begins that BKG prescribes; it marks the source of the boundaries.
_BOUNDARIES = ("© BKG", "© GeoBasis-DE")
_TITLES = {"top_quarter": "title_top_quarter", "width": "title_width"}
_SIGNS = {1: "more", -1: "less"}


@dataclass(frozen=True)
class View:
    """A view of the map page with everything that is needed to draw it; see `view`.

    Attributes
    ----------
    about : Provenance
        Of the scores, with all indicators that have values.
    date : date, optional
        To be burnt in; None leaves it off.
    """

    state: PageState
    scores: Scores
    bands: Bands
    words: Words
    about: Provenance
    date: dt.date | None

    @property
    def dataset(self) -> Dataset:
        """The data behind it."""
        return self.scores.dataset

    def showing(self, show: str) -> View:
        """Return the same view of another figure (see `PageState.show`)."""
        return replace(self, state=replace(self.state, show=show))


def view(
    state: PageState, scores: Scores, bands: Bands, words: Words, *, date: dt.date | None = None
) -> View:  # fmt: skip
    """Gather what a view is drawn from."""
    return View(state, scores, bands, words, provenance(scores, every=True), date)


def heading(view: View) -> tuple[str, str]:
    """Return the title of a view, and the line below it: what, when, among whom."""
    words, catalogue = view.words, view.dataset.catalogue
    kind, _, key = view.state.show.partition(":")
    match kind:
        case "indicator":
            one, year = catalogue.indicator_by_id[key], view.scores.years[key]
            title = words.of(one.name)
            what = f"{words.of(one.unit)}, {year}"
        case "layer":
            title = words.of(catalogue.layer_by_id[key].name)
            what = words("pictures.subtitle_layer", recipe=_recipe(view), **_years(view))
        case "score":
            title = words("pictures.title_score")
            what = words("pictures.subtitle_score", recipe=_recipe(view), **_years(view))
        case _:
            title = words(f"pictures.{_TITLES[kind]}")
            what = words(
                "pictures.subtitle_certainty", draws=words.number(view.bands.draws),
                spread=spread(view), recipe=_recipe(view),
            )  # fmt: skip
    return title, f"{what}; {_scope(view)}"


def facts(view: View, indicator: str) -> str:
    """Tell unit, year, direction in the recipe and whether that is contested, in one line."""
    words, one = view.words, view.dataset.catalogue.indicator_by_id[indicator]
    contested = f" ({words('weights.contested')})" if one.contested else ""
    year, told = view.scores.years[indicator], direction(view, indicator)
    return f"{words.of(one.unit)}, {year} · {told}{contested}"


def direction(view: View, indicator: str) -> str:
    """Whether more or less of an indicator is better in the recipe, in words."""
    sign = view.scores.plan.directions[indicator]
    return view.words(f"weights.{_SIGNS[sign]}" if sign else "indicators.unscored")


def spread(view: View) -> str:
    """From which weightings those behind the bands were drawn, in words."""
    share = view.bands.spread
    if share is None:
        return view.words("pictures.spread_all")
    return view.words("pictures.spread_some", spread=view.words.percent(share))


def _scope(view: View) -> str:
    """Tell how many regions there are, and among whom classes are made."""
    scores = view.scores
    kept, count = int(scores.selected.sum()), len(scores.selected)
    key = "scope_all" if kept == count else "scope_selection"
    # Raw values are there for all regions, whatever the ranks refer to.
    within = scores.recipe.reference.set == "filtered"
    if kept < count and within and not view.state.show.startswith("indicator:"):
        key = "scope_filtered"
    return view.words(f"pictures.{key}", kept=kept, count=count)


def _recipe(view: View) -> str:
    return view.words.of(view.about.called)


def _years(view: View) -> dict[str, int]:
    years = [one.year for one in indicators(view)]
    return {"first": min(years, default=0), "last": max(years, default=0)}


def note(view: View) -> str:
    """Say how classes are made and, of an indicator, what dark means."""
    words, scheme = view.words, view.words(f"map.{view.state.scheme}")
    parts = [words("pictures.class_scheme", scheme=scheme)]
    if view.state.show.startswith("indicator:"):
        parts.append(words("pictures.dark"))
    if marked := mark_words(view.scores, words):
        parts.append(marked)
    return ". ".join(part.rstrip(".") for part in parts) + "."


def description(shown: Figure, scores: Scores, words: Words) -> str:
    """Say what the map shows to those who cannot see it: its ends, and its gaps."""
    named = shown.values.set_axis(names(scores)).dropna()
    missing = int(shown.values.isna().sum())
    text = words(
        "pictures.description", what=shown.legend, high=_listed(named.nlargest(3), shown, words),
        low=_listed(named.nsmallest(3), shown, words),
        missing=words("pictures.description_missing", count=missing) if missing else "",
    )  # fmt: skip
    return text.strip()


def _listed(values: pd.Series, shown: Figure, words: Words) -> str:
    return ", ".join(f"{name} ({shown.write(value, words)})" for name, value in values.items())


def attributions(view: View, notes: Iterable[IndicatorNote]) -> list[str]:
    """Return the attributions that a map of these indicators owes, as two paragraphs.

    The first is of the values, the second of the boundaries.
    """
    words, sources = view.words, view.about.sources
    used = {key for one in notes for key in one.sources}
    paragraphs = {
        "sources": [one for key, one in sources.items() if key in used],
        "boundaries": _boundary_sources(view.about),
    }
    return [
        words(f"pictures.{key}", listed=" · ".join(_credit(one, words) for one in listed))
        for key, listed in paragraphs.items()
        if listed
    ]


def _credit(source: Source, words: Words) -> str:
    """Attribution of a source; one that is not yet cleared for passing on says so."""
    told = source.attribution.rstrip(".")
    if source.licence_status == "confirmed":
        return told
    return words("pictures.to_confirm", attribution=told)


def _boundary_sources(about: Provenance) -> list[Source]:
    """Return the sources of the boundaries; if none is marked, of all that describes regions."""
    measuring = {key for one in about.indicators for key in one.sources}
    others = [one for key, one in about.sources.items() if key not in measuring]
    return [one for one in others if one.attribution.startswith(_BOUNDARIES)] or others


def footer(view: View) -> str:
    """Last line of a sheet: program, dataset version, recipe with its hash, and the date."""
    words, about = view.words, view.about
    told = words(
        "pictures.footer", tool=about.tool, reference=about.reference, recipe=_recipe(view),
        hash=about.recipe_hash,
    )  # fmt: skip
    if view.date is None:
        return told
    return f"{told} · {written(view.date, words)}"


def written(date: dt.date, words: Words) -> str:
    """Write a date as the language does."""
    return format_date(date, "long", locale=words.locale.replace("-", "_"))


def indicators(view: View) -> list[IndicatorNote]:
    """Return the indicators behind a view: the one, those of the layer, or all that are scored."""
    kind, _, key = view.state.show.partition(":")
    if kind == "indicator":
        return [one for one in view.about.indicators if one.id == key]
    scored = set(scored_indicators(view.scores))
    notes = [one for one in view.about.indicators if one.id in scored]
    if kind != "layer":
        return notes
    return [one for one in notes if key in _lineage(one.layer, view.dataset.catalogue)]


def _lineage(layer: str, catalogue: Catalogue) -> list[str]:
    """Return a layer and all above it."""
    above = []
    while layer:
        above.append(layer)
        layer = catalogue.layer_by_id[layer].parent
    return above
