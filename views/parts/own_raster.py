"""A raster of one's own on the data page: which statistic of it becomes the indicator."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from views import store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.rasters.zonal import Reading, Stat
    from views.i18n import Words

__all__ = ["choose", "measures", "title"]

_READ = "own.reading"
_CLASS = re.compile(r"-?[0-9]{1,9}")


def choose(content: bytes, number: int, words: Words) -> Reading | None:
    """Let a statistic be chosen and compute it when asked; None until then.

    Raises
    ------
    SourceError, RecipeError
        If the raster cannot be used, or the statistic does not fit it.
    """
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    stat = left.selectbox(
        words("own_data.measure"), measures(words), key=f"own.stat.{number}",
        format_func=lambda one: words(f"own_measure.{one}"),
    )  # fmt: skip
    parameter = _parameter(stat, number, right, words)
    asked = (number, stat, parameter)
    kept: tuple[Any, Reading] | None = st.session_state.get(_READ)
    if st.button(words("own_data.compute"), key=f"own.compute.{number}"):
        st.session_state.pop(_READ, None)
        kept = (asked, _computed(content, stat, parameter))
        st.session_state[_READ] = kept
    return kept[1] if kept is not None and kept[0] == asked else None


def measures(words: Words) -> list[Stat]:
    """Statistics on offer: those that have words."""
    from geo.rasters.zonal import STATS

    return [one for one in STATS if f"own_measure.{one}" in words.texts]


def title(words: Words) -> str:
    """Name the statistic that was computed, with its limit, share or classes."""
    (_, stat, parameter), _ = st.session_state[_READ]
    name = words(f"own_measure.{stat}")
    given = next(iter(parameter.values()), ())
    numbers = given if isinstance(given, tuple) else (given,)
    told = "; ".join(_written(one, words) for one in numbers)
    return f"{name}: {told}" if told else name


def _written(number: float, words: Words) -> str:
    """Write a number with the decimals that it was given with."""
    exponent = Decimal(f"{number:.10g}").as_tuple().exponent
    return words.number(number, max(0, -int(exponent)))


def _parameter(stat: str, number: int, place: Any, words: Words) -> dict[str, Any]:
    """Ask for what the statistic needs besides."""
    if stat.endswith(("above", "below")):
        limit = place.number_input(
            words("own_data.threshold"), value=0.0, key=f"own.limit.{number}"
        )
        return {"threshold": float(limit)}
    if stat.endswith("quantile"):
        share = place.number_input(
            words("own_data.quantile"), 0.0, 1.0, 0.5, step=0.05, key=f"own.quantile.{number}"
        )
        return {"quantile": float(share)}
    if stat.endswith("of_class"):
        text = place.text_input(words("own_data.classes"), key=f"own.classes.{number}")
        parts = [part.strip() for part in text.split(",")]
        # Half of the classes would be a wrong answer: what cannot be read is asked for again.
        readable = all(_CLASS.fullmatch(part) for part in parts)
        return {"classes": tuple(map(float, parts)) if readable else ()}
    return {}


def _computed(content: bytes, stat: Any, parameter: dict[str, Any]) -> Reading:
    from geo import boundaries
    from geo.rasters.geotiff import IN_APP, open_raster
    from geo.rasters.zonal import indicator
    from layers.errors import DatasetError

    folder = store.official().path
    areas = boundaries.load(folder)
    if areas is None:
        raise DatasetError(f"{folder}: there are no boundaries to read a raster over.")
    with _as_file(content) as path:
        return indicator(open_raster(path, most=IN_APP), areas, stat, **parameter)


@contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    """Give the content a path for as long as it is read; in memory where the system can do that."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("raster")
        try:
            with os.fdopen(handle, "wb", closefd=False) as file:
                file.write(content)
            yield Path(f"/proc/self/fd/{handle}")
        finally:
            os.close(handle)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raster.tif"
        path.write_bytes(content)
        yield path
