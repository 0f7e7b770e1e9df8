"""Offering embeds in the app: what, as a file and as lines to paste, with a look at it first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import streamlit as st

from layers.errors import PotenzialatlasError
from layers.extend import is_extended
from views import store
from views.embed.build import Embed, Kind, build
from views.embed.matter import Matter
from views.embed.snippet import plain_snippet, snippet
from views.map_component import base_path
from views.state import write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers import Bands, Scores
    from views.i18n import Words
    from views.state import PageState

__all__ = ["offer"]

_LOCAL = {"localhost", "127.0.0.1", "::1", None}
_PREVIEW = 420


def offer(
    state: PageState, scores: Scores, bands: Bands, words: Words, *,
    kinds: Mapping[Kind, tuple[str, ...]],
) -> None:  # fmt: skip
    """Draw the button that opens the offer; nothing is made before somebody opens it.

    Parameters
    ----------
    kinds : mapping
        What is on offer, each with the regions that it is about.
    """
    opened = st.popover(words("embedding.button"), key="embedding", on_change="rerun")
    if not opened.open:
        return
    # What only the page at hand remembers has no place in the link of another.
    state = replace(state, own={})
    with opened:
        st.caption(words("embedding.note"))
        kind: Kind = st.radio(
            words("embedding.kind"), list(kinds), key="embedding.kind",
            format_func=lambda one: words(f"embedding.{one}"),
        )  # fmt: skip
        regions = kinds[kind]
        # The server has no address for what only this session holds.
        own = is_extended(scores.dataset.version)
        back = "" if own else _app(state)
        try:
            made = build(kind, Matter(state, scores, bands, words, back), regions)
        except PotenzialatlasError as error:
            st.info(words("embedding.refused", message=error))
            return
        _take_away(made, kind, regions, state, words, back=back, own=own)


def _take_away(
    made: Embed, kind: Kind, regions: tuple[str, ...], state: PageState, words: Words, *,
    back: str, own: bool,
) -> None:  # fmt: skip
    name = "-".join(("potenzialatlas", kind, *regions)) + ".html"
    st.download_button(
        words("embedding.file"), made.html, name, "text/html", key="get.embed", on_click="ignore"
    )
    served = f"{_base()}/embed/{'/'.join((kind, *regions))}?{_query(state)}".rstrip("?")
    source = served if back else name
    st.caption(words("embedding.served") if back else words("embedding.local"))
    st.caption(words("embedding.lines"))
    st.code(snippet(made, source, words, way_back=back), language="html", wrap_lines=True)
    st.caption(words("embedding.plain"))
    st.code(plain_snippet(made, source, words, way_back=back), language="html", wrap_lines=True)
    if own:
        st.caption(words("own_data.embed_note"))
        return
    st.caption(words("embedding.preview"))
    st.iframe(served, height=_PREVIEW, alt=made.title)


def _base() -> str:
    """Address of the app's first page, without the last slash."""
    page = urlsplit(st.context.url or "")
    return f"{page.scheme}://{page.netloc}{base_path()}" if page.netloc else ""


def _query(state: PageState) -> str:
    return urlencode(write(state, store.default_recipe()))


def _app(state: PageState) -> str:
    """Address of this view for others; empty where the app is known to this machine only."""
    base = _base()
    if urlsplit(base).hostname in _LOCAL:
        return ""
    return f"{base}/?{_query(state)}".rstrip("?")
