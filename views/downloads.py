"""What can be taken away from a page: files, recipe, citation, link; and where all comes from."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

from geo import publish
from layers.citation import citation
from layers.extend import is_extended
from views import embed, pictures, store
from views.state import PageState, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers import Bands, Scores
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["show", "source_table", "sources"]


#: A file takes up to a third of a second of work: who moves a weight waits behind one, not several.
_ONE_FILE = Lock()


class _File(NamedTuple):
    """A file on offer: its format, media type, and the kind of CSV that it is."""

    suffix: str
    mime: str
    excel_de: bool = False
    datawrapper: bool = False


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES = {
    "bundle": _File(".zip", "application/zip"),
    "xlsx": _File(".xlsx", _XLSX),
    "csv_de": _File(".csv", "text/csv", excel_de=True),
    "csv": _File(".csv", "text/csv"),
    "datawrapper": _File(".csv", "text/csv", datawrapper=True),
    "geojson": _File(".geojson", "application/geo+json"),
    "gpkg": _File(".gpkg", "application/geopackage+sqlite3"),
    "topojson": _File(".topojson", "application/json"),
}
#: What most people want stands in front; the rest, in groups, behind one button.
_FRONT = ("bundle", "xlsx")
_GROUPS = {
    "maps": ("geojson", "gpkg", "topojson"),
    "tables": ("csv_de", "csv", "datawrapper"),
}


def show(state: PageState, scores: Scores, bands: Bands, words: Words) -> None:
    """Offer the results as files, the line to cite them by, and the view as a link."""
    st.header(words("downloads.heading"), anchor=False)
    st.caption(words("downloads.note"))
    with st.container(horizontal=True):
        for key in _FRONT:
            _button(key, state, scores, bands, words)
        more = st.popover(words("downloads.more"), key="downloads.more", on_change="rerun")
        if more.open:
            with more:
                _more(state, scores, bands, words)
        pictures.offer(state, scores, bands, words)
        kinds: dict[embed.Kind, tuple[str, ...]] = {"map": (), "sliders": ()}
        if state.selected:
            kinds["profile"] = (state.selected,)
        embed.offer(state, scores, bands, words, kinds=kinds)
        quote = st.popover(words("downloads.quote"), key="downloads.quote", on_change="rerun")
        # Not before it is asked for: what draws it in the browser is heavier than the whole map.
        if quote.open:
            with quote:
                _quote(state, scores, words)


def _quote(state: PageState, scores: Scores, words: Words) -> None:
    """Show the line to cite the results by, and the link to the view."""
    st.caption(words("downloads.citation"))
    cited = citation(scores.recipe, scores.dataset, scores.frozen)
    st.code(words.of(cited), language=None, wrap_lines=True)
    st.caption(words("downloads.permalink"))
    address = permalink(state)
    st.code(address, language=None, wrap_lines=True)
    if is_extended(scores.dataset.version):
        st.caption(words("own_data.link_note"))
    if urlsplit(address).hostname in {"localhost", "127.0.0.1"}:
        st.caption(words("notice.local_link"))


def _more(state: PageState, scores: Scores, bands: Bands, words: Words) -> None:
    for group, keys in _GROUPS.items():
        st.caption(words(f"downloads.{group}"))
        with st.container(horizontal=True, gap="small"):
            for key in keys:
                _button(key, state, scores, bands, words)
    st.caption(words("downloads.datawrapper_note"))
    st.caption(words("downloads.again"))
    st.download_button(
        words("downloads.recipe"), state.recipe.to_toml(), "potenzialatlas_rezept.toml",
        "application/toml", key="get.recipe", on_click="ignore",
    )  # fmt: skip


def _button(key: str, state: PageState, scores: Scores, bands: Bands, words: Words) -> None:
    """Offer one file, which is made when somebody asks for it."""
    one = _FILES[key]
    make = partial(
        _in_turn, publish.to_bytes, scores, one.suffix, bands=bands, language=state.language,
        excel_de=one.excel_de, datawrapper=one.datawrapper,
    )  # fmt: skip
    st.download_button(
        words(f"downloads.{key}"), make, f"potenzialatlas_{key}{one.suffix}", one.mime,
        key=f"get.{key}", on_click="ignore",
    )  # fmt: skip


def _in_turn(make: Callable[..., bytes], *args: Any, **named: Any) -> bytes:
    """Make a file when no other is being made."""
    with _ONE_FILE:
        return make(*args, **named)


def permalink(state: PageState) -> str:
    """Address that restores the page."""
    query = urlencode(write(state, store.default_recipe()))
    address = (st.context.url or "").partition("?")[0]
    return f"{address.rstrip('/')}/?{query}" if query else address


def sources(dataset: Dataset, words: Words) -> None:
    """Offer the sources, folded away."""
    folded = st.expander(words("sources.heading"), key="sources.open", on_change="rerun")
    if folded.open:
        with folded:
            source_table(dataset, words)


def source_table(dataset: Dataset, words: Words) -> None:
    """List every source with edition, licence, whether it is confirmed, and the attribution."""
    told = words("sources.dataset", reference=dataset.reference, gebietsstand=dataset.gebietsstand)
    st.caption(f"{told} {words('sources.changed')}")
    rows = [
        {
            words("sources.title"): words.of(one.title),
            words("sources.publisher"): one.publisher,
            words("sources.edition"): one.edition,
            words("sources.licence"): one.licence,
            words("sources.status"): words(f"sources.{one.licence_status.replace('-', '_')}"),
            words("sources.attribution"): one.attribution,
        }
        for one in dataset.sources.values()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
