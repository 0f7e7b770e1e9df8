"""First pages of the atlas: cover, contents, how to read it, the score and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.maps import MapSheet
from layers.catalogue import INDEX
from layers.shares import percentages
from layers.table import result_table, scored_indicators
from views import picture_words, pictures
from views.atlas.markup import Markup, join, phrase, table, tag
from views.atlas.plates import BIG, legend, picture, scale, small_print
from views.lens_words import no_data
from views.parts import reading_aid

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from views.atlas.matter import Matter

__all__ = ["contents", "cover", "reading", "score", "sure"]

_COVER = (340.0, 470.0)
_COUNT = 10
#: Shares of the weightings from which a region is called (never) among the best quarter.
_ALWAYS, _NEVER = 0.95, 0.05


def cover(matter: Matter) -> Markup:
    """Title, edition, recipe, and the map of the score as ornament."""
    words, view, about = matter.words, matter.view, matter.view.about
    sheet = pictures.sheet(view.showing("score"), matter.ground)
    plain = MapSheet(
        ground=sheet.ground, codes=sheet.codes, classes=sheet.classes, dim=sheet.dim,
        description=words("atlas.cover_alt"), language=sheet.language,
    )  # fmt: skip
    facts = {
        "edition": words("atlas.edition_is", reference=about.reference),
        "boundaries": about.gebietsstand,
        "recipe": words("atlas.recipe_is", name=words.of(about.called), hash=about.recipe_hash),
        "made": f"{words('app.title')} {about.tool}",
        "date": picture_words.written(view.date, words) if view.date else "",
    }
    rows = [
        tag("tr", tag("th", words(f"atlas.{key}"), scope="row"), tag("td", told))
        for key, told in facts.items()
        if told
    ]
    return tag(
        "section",
        tag("h1", words("app.title")),
        tag("p", words("atlas.subtitle"), class_="subtitle"),
        picture(plain, _COVER),
        tag(
            "div", tag("p", words.of(about.title), class_="dataset"),
            tag("table", tag("tbody", *rows), class_="edition"), class_="imprint",
        ),
        class_="cover",
    )  # fmt: skip


def contents(matter: Matter) -> Markup:
    """List all sheets with their pages."""
    words = matter.words
    front = [_entry(key, words(f"atlas.{key}")) for key in ("reading", "score", "sure")]
    back = [_entry(key, words(f"atlas.{key}")) for key in ("sources", "method")]
    layers = [
        tag(
            "li", _link(f"layer-{one.id}", words.of(one.name)),
            tag("ul", *(
                _entry(f"indicator-{each.id}", words.of(each.name)) for each in one.indicators
            )),
        )
        for one in matter.layers
    ]  # fmt: skip
    return tag(
        "section", tag("h1", words("atlas.contents")), tag("ul", *front, *layers, *back),
        class_="contents",
    )  # fmt: skip


def _entry(key: str, text: str) -> Markup:
    return tag("li", _link(key, text))


def _link(key: str, text: str) -> Markup:
    return tag("a", tag("span", text), href=f"#{key}")


def reading(matter: Matter) -> Markup:
    """How the sheets are to be read, with the signs of their legends."""
    words, state = matter.words, matter.view.state
    keys = ("reading_maps", "reading_missing", "reading_years", "reading_aid", "reading_scope")
    told = [words(f"atlas.{key}", classes=state.classes, scheme=matter.scheme) for key in keys]
    told.append(words("atlas.reading_method", method=reading_aid.method(words)))
    return tag(
        "section", tag("h1", words("atlas.reading"), id="reading"),
        *(tag("p", phrase(one)) for one in told), _key(matter), class_="text guide",
    )  # fmt: skip


def _key(matter: Matter) -> Markup:
    """Signs of the legend, with the numbers of the map of the score."""
    sheet = pictures.sheet(matter.view.showing("score"), matter.ground)
    return legend(sheet, matter.words, caption=matter.words("atlas.legend_key"))


def score(matter: Matter) -> Markup:
    """Draw the map of the score, the weights behind it, and whose class is unsure."""
    words, view = matter.words, matter.view
    sheet = pictures.sheet(view.showing("score"), matter.ground)
    ranked = int(view.scores.ranks.notna().sum())
    told = [
        words(
            "atlas.score_lead", indicators=len(scored_indicators(view.scores)),
            layers=len(view.dataset.catalogue.sublayers()), recipe=words.of(view.about.called),
        )
    ]  # fmt: skip
    if lacking := no_data(view.dataset, words):
        told.append(lacking)
    if sheet.doubt is not None:
        told.append(words("atlas.score_doubt", doubtful=sheet.doubtful, ranked=ranked))
    return _certainty_page("score", sheet, matter, told, _weights(matter))


def sure(matter: Matter) -> Markup:
    """Draw how often a region is among the best quarter, and tell what bands say and do not say."""
    words, view = matter.words, matter.view
    bands = view.bands.bands
    sheet = pictures.sheet(view.showing("top_quarter"), matter.ground)
    width = (bands["rank_p95"] - bands["rank_p05"]).astype("float64").median()
    best = bands["top_quarter"].astype("float64").dropna()
    told = [
        words(
            "atlas.sure_lead", draws=words.number(view.bands.draws),
            spread=picture_words.spread(view),
        ),
        words("atlas.sure_band", width=words.number(width)),
        words(
            "atlas.sure_best", always=int((best >= _ALWAYS).sum()), ranked=len(best),
            never=int((best <= _NEVER).sum()),
        ),
        words("atlas.sure_limits"),
    ]  # fmt: skip
    ranks = result_table(view.scores, view.bands).dropna(subset=["rank"])
    tables = join(
        _ranks(words(f"atlas.{key}"), part, matter)
        for key, part in (("sure_table", ranks.head(_COUNT)), ("sure_last", ranks.tail(_COUNT)))
    )
    return _certainty_page("sure", sheet, matter, told, tables)


def _certainty_page(
    key: str, sheet: MapSheet, matter: Matter, told: list[str], more: Markup
) -> Markup:
    words = matter.words
    return tag(
        "section",
        tag("h1", words(f"atlas.{key}"), id=key),
        tag("p", sheet.subtitle, class_="facts"),
        tag("div", picture(sheet, BIG), scale(sheet, BIG, words), class_="plate"),
        tag("div", legend(sheet, words, caption=sheet.legend_title), more, class_="beside"),
        tag("div", *(tag("p", phrase(one)) for one in told), class_="below"),
        small_print(matter.view, picture_words.indicators(matter.view.showing("score"))),
        class_="sheet",
    )  # fmt: skip


def _weights(matter: Matter) -> Markup:
    words, scores = matter.words, matter.view.scores
    layers = scores.dataset.catalogue.sublayers(INDEX)
    shares = scores.plan.shares()["share_of_index"]
    found = percentages(shares[[f"layer:{one.id}" for one in layers]].to_numpy(), 1)
    return table(
        words("atlas.weights"), (words("atlas.layer"), words("atlas.share")),
        [
            (words.of(one.name), words.percent(share / 100, 1))
            for one, share in zip(layers, found, strict=True)
        ],
        class_="numbers",
    )  # fmt: skip


def _ranks(caption: str, rows: pd.DataFrame, matter: Matter) -> Markup:
    words = matter.words
    head = (words("table.name"), words("atlas.rank"), words("atlas.band"))
    return table(caption, head, list(_rank_rows(rows, matter)), class_="numbers")


def _rank_rows(rows: pd.DataFrame, matter: Matter) -> Iterator[tuple[str, str, str]]:
    words = matter.words
    columns = (rows[key] for key in ("name", "rank", "rank_p05", "rank_p95"))
    for name, rank, low, high in zip(*columns, strict=True):
        band = words("panel.band_range", low=words.number(low), high=words.number(high))
        yield str(name), words.number(rank), band
