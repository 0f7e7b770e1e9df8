"""Charts that are thought through once and filled in for every reader.

To put a chart together with altair and to check it takes twenty milliseconds, to fill one in less
than one. So a function that draws a chart has two halves. The sketch is the same for everybody: it
is kept, and has places that are left open. What differs (rows, names, titles, ends of an axis) is
put into these places each time:

    return _bars(len(who)).filled(words, {"own": table}, title=title, who=who)

The sketch knows neither the language nor the theme; their signs and colours are filled in as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import streamlit as st
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes

from views.charts.ink import accent, ink, pale, unnamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from views.i18n import Words

__all__ = ["Picture", "Sketch", "place", "rows", "show", "stored"]

#: How an open place is written; nothing that is drawn begins like this.
_OPEN = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}"
#: Letters of the name that the browser knows rows by.
_LETTERS = 32
#: Decimal sign and sign of thousands, as the browser's number formats need them.
_SIGNS = {"de": (",", "."), "en": (".", ",")}


@dataclass(frozen=True)
class Picture:
    """A chart with everything in it.

    Attributes
    ----------
    spec : dict
        In Vega-Lite; its rows stand in `rows` under the names that it calls them by.
    rows : dict
        Arrow tables in their form for streams. Equal rows have equal names, so that the browser
        draws anew what has changed, and only that.
    """

    spec: dict[str, Any]
    rows: dict[str, bytes]


@dataclass(frozen=True)
class Sketch:
    """A chart in Vega-Lite with open places; not to be changed."""

    spec: dict[str, Any]

    @classmethod
    def of(cls, chart: alt.LayerChart | alt.FacetChart, **settings: Any) -> Sketch:
        """Check a chart, and keep what it comes to.

        Numbers stand on its axes as the language writes them; a chart is named as a whole.

        Parameters
        ----------
        settings
            Of altair's ``configure``, beyond those of every chart.
        """
        number = alt.NumberLocale(
            decimal=place("decimal"), thousands=place("thousands"), grouping=[3],
            currency=["", ""],
        )  # fmt: skip
        words = unnamed(place("ink"))
        return cls(chart.configure(locale=alt.Locale(number=number), **words, **settings).to_dict())

    def filled(
        self, words: Words, tables: Mapping[str, pd.DataFrame | bytes], /, **values: Any
    ) -> Picture:
        """Put rows and values into the open places.

        Parameters
        ----------
        tables : mapping
            Rows of each of the `rows` that the sketch names, perhaps `stored` already.
        values
            What comes into each `place`; where that is an item of a list, a list brings all its
            items.
        """
        kept = {
            name: one if isinstance(one, bytes) else stored(one) for name, one in tables.items()
        }
        called = {name: hashlib.sha256(one).hexdigest()[:_LETTERS] for name, one in kept.items()}
        decimal, thousands = _SIGNS[words.language]
        usual = {"decimal": decimal, "thousands": thousands,
                 "ink": ink(), "accent": accent(), "pale": pale()}  # fmt: skip
        given = {place(name): value for name, value in (usual | values | called).items()}
        return Picture(_filled(self.spec, given), {called[name]: one for name, one in kept.items()})


def place(name: str) -> str:
    """Leave a place open in a sketch, where a text, a number or the parts of a list belong."""
    return f"{_OPEN}{name}"


def rows(name: str) -> alt.NamedData:
    """Leave the rows of a chart open."""
    return alt.NamedData(place(name))


def stored(table: pd.DataFrame) -> bytes:
    """Rows as the browser takes them."""
    return convert_pandas_df_to_arrow_bytes(table)


def show(
    picture: Picture, *, alt: str, key: str | None = None, width: int | str | None = None,
    height: int | str = "content", on_select: Callable[[], None] | None = None, picks: str = "",
) -> None:  # fmt: skip
    """Draw a picture on the page.

    Parameters
    ----------
    alt : str
        What is read aloud instead.
    on_select, picks : callable and str
        What is called when somebody picks a mark, and the name of that selection.
    """
    chosen: Any = {"on_select": on_select, "selection_mode": picks} if on_select else {}
    sizes: Any = {"width": width, "height": height}
    st.vega_lite_chart(
        spec=picture.spec | {"datasets": picture.rows}, alt=alt, key=key, **sizes, **chosen
    )


def _filled(part: Any, given: Mapping[str, Any]) -> Any:
    """Copy a part of a sketch with its open places filled."""
    if isinstance(part, dict):
        return {key: _filled(one, given) for key, one in part.items()}
    if isinstance(part, list):
        return [one for item in part for one in _listed(item, given)]
    return given[part] if isinstance(part, str) and part.startswith(_OPEN) else part


def _listed(item: Any, given: Mapping[str, Any]) -> list[Any]:
    """Return what stands for an item of a list: itself, or all of a list that belongs there."""
    filled = _filled(item, given)
    several = isinstance(item, str) and isinstance(filled, list)
    return filled if several else [filled]
