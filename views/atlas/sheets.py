"""The sheets of a layer: small maps of all its indicators, then each of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.study.reading import ends
from layers.table import names
from views import picture_words, pictures
from views.atlas import histogram
from views.atlas.markup import Markup, join, phrase, table, tag
from views.atlas.plates import BIG, MIDDLE, SMALL, image, legend, picture, scale, small_print
from views.figures import figure
from views.parts import reading_aid

if TYPE_CHECKING:
    import pandas as pd

    from geo.maps import MapSheet
    from layers.catalogue import Layer
    from views.atlas.matter import Matter
    from views.figures import Figure

__all__ = ["indicator", "layer"]

_COUNT = 5
#: Layers with fewer indicators have larger maps, two to a row.
_FEW = 6


def layer(one: Layer, matter: Matter) -> Markup:
    """Overview of a layer: its own map, then those of its indicators."""
    words, view = matter.words, matter.view
    shares = view.scores.plan.shares()["share_of_index"]
    facts = words(
        "atlas.layer_facts", count=len(one.indicators),
        share=words.percent(float(shares[f"layer:{one.id}"]), 1),
    )  # fmt: skip
    note = words("atlas.layer_note", classes=view.state.classes, scheme=matter.scheme)
    lead = " ".join(filter(None, (words.of(one.description), words.of(one.rationale))))
    notes = [each for each in view.about.indicators if each.layer == one.id]
    return tag(
        "section",
        tag("h1", words.of(one.name), id=f"layer-{one.id}"),
        tag("p", facts, class_="facts"),
        tag("p", lead), tag("p", phrase(note), class_="note"),
        _smalls(one, matter),
        small_print(view, notes),
        class_="sheet",
    )  # fmt: skip


def indicator(key: str, matter: Matter) -> Markup:
    """One indicator in full."""
    words, view, scene = matter.words, matter.view, matter.scene
    one = view.dataset.catalogue.indicator_by_id[key]
    title = tag("h2", words.of(one.name), id=f"indicator-{key}")
    if not view.scores.years[key]:
        return tag("section", title, tag("p", words("pictures.no_values")), class_="sheet")
    shown_view = view.showing(f"indicator:{key}")
    shown = figure(shown_view.state, view.scores, view.bands, words)
    sheet = pictures.sheet(shown_view, matter.ground)
    found = reading_aid.patterns(key, view.scores)
    read = [phrase(text) for text in reading_aid.sentences(key, shown, found, scene)]
    return tag(
        "section",
        tag("p", words.of(view.dataset.catalogue.layer_by_id[_layer(key, matter)].name),
            class_="above"),
        title,
        tag("p", picture_words.facts(view, key), class_="facts"),
        tag("div", picture(sheet, BIG), scale(sheet, BIG, words), class_="plate"),
        tag("div", _beside(sheet, shown, matter, words.of(one.unit)), class_="beside"),
        tag("div", tag("h3", words("indicators.reading")), tag("ul", *(
            tag("li", text) for text in read
        )), class_="half reading"),
        tag(
            # The source of the values is told in full above.
            "div", *_about(key, matter), small_print(view, ()),
            class_="half about",
        ),
        class_="sheet",
    )  # fmt: skip


def _layer(key: str, matter: Matter) -> str:
    return matter.view.dataset.catalogue.layer_of[key]


def _smalls(one: Layer, matter: Matter) -> Markup:
    """Small maps of a layer: its own, then those of its indicators."""
    words, view = matter.words, matter.view
    own = pictures.small(
        view.showing(f"layer:{one.id}"), matter.ground, title=words("atlas.layer_value"),
        subtitle=words("atlas.layer_value_facts"),
    )  # fmt: skip
    few = len(one.indicators) < _FEW
    box = MIDDLE if few else SMALL
    cells = [_cell(own, box, matter), *(_small(each.id, box, matter) for each in one.indicators)]
    return tag("div", *cells, class_=f"smalls {'few' if few else 'many'}")


def _small(key: str, box: tuple[float, float], matter: Matter) -> Markup:
    words, view = matter.words, matter.view
    if view.scores.years[key]:
        return _cell(pictures.small_indicator(view, matter.ground, key), box, matter)
    name = words.of(view.dataset.catalogue.indicator_by_id[key].name)
    empty = tag("p", words("atlas.no_map"), class_="facts")
    return tag("div", tag("p", name, class_="small-title"), empty, class_="small")


def _cell(sheet: MapSheet, box: tuple[float, float], matter: Matter) -> Markup:
    return tag(
        "div", tag("p", sheet.title, class_="small-title"),
        tag("p", sheet.subtitle, class_="facts"), picture(sheet, box),
        legend(sheet, matter.words), class_="small",
    )  # fmt: skip


def _beside(sheet: MapSheet, shown: Figure, matter: Matter, unit: str) -> Markup:
    """Legend, distribution and both ends of the values."""
    words = matter.words
    values = shown.values.dropna()
    told = {
        key: shown.write(value, words)
        for key, value in (
            ("low", values.min()), ("median", values.median()), ("high", values.max())
        )
    }  # fmt: skip
    alt = words("atlas.distribution_alt", name=sheet.title, **told)
    parts = [
        legend(sheet, words, caption=sheet.legend_title),
        tag("p", words("atlas.distribution"), class_="small-title"),
        image(histogram.draw(shown, words), alt, "distribution"),
    ]
    for key, highest in (("top", True), ("bottom", False)):
        caption = words(f"atlas.{key}", unit=unit)
        rows = _ends(ends(shown.values, highest=highest, count=_COUNT), shown, matter)
        head = (words("table.name"), words("atlas.value"))
        parts.append(table(caption, head, rows, class_="numbers"))
    return join(parts)


def _ends(values: pd.Series, shown: Figure, matter: Matter) -> list[tuple[str, str]]:
    """Regions at one end; of more that share a value only their number."""
    words, known = matter.words, names(matter.view.scores)
    if len(values) > _COUNT:
        value = shown.write(float(values.iloc[0]), words)
        return [(words("indicators.tied", count=len(values), value=value), value)]
    return [(known[str(at)], shown.write(float(one), words)) for at, one in values.items()]


def _about(key: str, matter: Matter) -> list[Markup]:
    """Definition, direction with its reason, source, year and notes on the values."""
    words, scene = matter.words, matter.scene
    one = matter.view.dataset.catalogue.indicator_by_id[key]
    source = matter.view.dataset.source_of(key, int(matter.view.scores.years[key]))
    known = {
        "definition": [words.of(one.definition), words("indicators.unit", unit=words.of(one.unit))],
        "direction": [
            words(
                "indicators.direction_is", direction=picture_words.direction(matter.view, key)
            ),
            words.of(one.rationale),
        ],
        "source": [
            reading_aid.dating(key, scene), reading_aid.licence(source, words),
            words.of(source.changes),
        ],
    }  # fmt: skip
    return [
        part
        for key, texts in known.items()
        for part in (
            tag("h3", words(f"indicators.{key}")), tag("p", " ".join(filter(None, texts)))
        )
    ]  # fmt: skip
