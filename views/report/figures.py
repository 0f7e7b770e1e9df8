"""Figures of a report as inline SVG, drawn for print: hairlines, one accent, greys.

All measures are in tenths of a millimetre, so that a line of 2 is 0.2 mm on paper. Each figure has
a ``title``, which is what a screen reader says and what the PDF holds as its alternative text.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from layers.study.yardsticks import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from views.report.background import Locator

__all__ = ["ACCENT", "MARKS", "bar", "curves", "intervals", "locate", "strokes"]

ACCENT, INK, GREY = "#1f5a7a", "#1c1c1c", "#6b6b6b"
#: From the strokes behind a bar to the ground of the map.
PALE, BAND, GROUND = "#c9c5bb", "#dfdbd1", "#efece4"
#: Yardstick -> its mark as a character, which stands in the head of a table.
MARKS = {ALL: "◇", "land": "▽", "thuenen_type": "△"}
_FONT = "font-family='DejaVu Sans' font-size='17'"
#: The same marks drawn around 0 0.
_SHAPES = {
    ALL: "M0-12L10 0 0 12-10 0z", "land": "M-10-8H10L0 11z", "thuenen_type": "M-10 8H10L0-11z"
}  # fmt: skip
#: Lines over the years, by column of `layers.study.yardsticks.medians_by_year`.
_STYLES = {
    "region": f"stroke='{ACCENT}' stroke-width='5'",
    "land": f"stroke='{GREY}' stroke-width='3' stroke-dasharray='9 6'",
    ALL: f"stroke='{GREY}' stroke-width='3' stroke-dasharray='3 5'",
}
#: A region whose largest inner circle is smaller than this gets a ring, so that it is found.
_SMALL = 4


def bar(
    value: float | None, others: str, medians: Mapping[str, float | None], *, base: float,
    ends: tuple[float, float], title: str, width: int = 640,
) -> str:  # fmt: skip
    """One value as a bar over a stroke per region, with the marks of the medians.

    Parameters
    ----------
    others : str
        Path of the strokes; see `strokes`.
    medians : mapping
        Yardstick -> median; None leaves its mark out.
    ends : (float, float)
        Values at the left and the right edge.
    """
    height, middle = 46, 23
    parts = [f"<path d='{others}' stroke='{PALE}' stroke-width='1.6' fill='none'/>"]
    if value is not None:
        left, right = sorted((_at(base, ends, width), _at(value, ends, width)))
        parts.append(
            f"<rect x='{left:.1f}' y='{middle - 6}' width='{right - left:.1f}' height='12' "
            f"fill='{ACCENT}'/>"
        )
    for key, median in medians.items():
        if median is not None:
            x = _at(median, ends, width)
            parts.append(
                f"<path d='{_SHAPES[key]}' transform='translate({x:.1f} {middle})' fill='#fff' "
                f"stroke='{INK}' stroke-width='2.6'/>"
            )
    return _svg(parts, width, height, title)


def strokes(values: Iterable[float], ends: tuple[float, float], width: int = 640) -> str:
    """Path of one upright stroke per value; those that fall on each other are drawn once."""
    places = sorted({round(_at(value, ends, width)) for value in values})
    return "".join(f"M{place} 5v36" for place in places)


def intervals(
    bands: pd.DataFrame, region: str, *, count: int, top_places: int, title: str, width: int = 1820
) -> str:  # fmt: skip
    """Rank bands of all regions as lines one below the other, that of one region set off.

    A dark line joins the ranks, a dashed one ends the best quarter.

    Parameters
    ----------
    bands : DataFrame
        By region, in the order of the ranks: ``rank``, ``rank_p05``, ``rank_p95``.
    count : int
        The last place.
    top_places : int
        The last place of the best quarter.
    """
    height, top = 220, 14
    deep = height - 44 - top

    def across(place: float) -> float:
        return 14 + (width - 28) * (place - 1) / max(count - 1, 1)

    step = deep / max(len(bands), 1)
    lines = "".join(
        f"M{across(low):.1f} {top + step * (i + 0.5):.2f}H{across(high):.1f}"
        for i, (low, high) in enumerate(zip(bands["rank_p05"], bands["rank_p95"], strict=True))
        if pd.notna(low)
    )
    ranks = "L".join(
        f"{across(place):.1f} {top + step * (i + 0.5):.2f}" for i, place in enumerate(bands["rank"])
    )
    quarter = f"M{across(top_places + 0.5):.1f} {top}v{deep}"
    parts = [
        f"<path d='{lines}' stroke='{BAND}' stroke-width='{step * 0.8:.2f}'/>",
        f"<path d='M{ranks}' fill='none' stroke='{GREY}' stroke-width='2.5'/>" if ranks else "",
        f"<path d='{quarter}' stroke='{INK}' stroke-width='2' stroke-dasharray='7 6'/>",
    ]
    parts += [
        f"<path d='M{across(place):.1f} {top + deep + 8}v8' stroke='{GREY}' stroke-width='2'/>"
        f"<text x='{across(place):.1f}' y='{height - 5}' {_FONT} fill='{GREY}' "
        f"text-anchor='middle'>{place}</text>"
        for place in _ticks(count)
    ]
    if region in bands.index:
        y = top + step * (bands.index.tolist().index(region) + 0.5)
        low, high, at = (across(bands[key][region]) for key in ("rank_p05", "rank_p95", "rank"))
        parts.append(_own(low, high, at, y))
    return _svg(parts, width, height, title)


def _own(low: float, high: float, at: float, y: float) -> str:
    """Band of the region itself with its rank, white at the rim to stand off from the others."""
    ends = f"M{low:.1f} {y - 9:.1f}v18M{high:.1f} {y - 9:.1f}v18"
    return (
        f"<path d='M{low:.1f} {y:.1f}H{high:.1f}{ends}' stroke='#fff' stroke-width='13'/>"
        f"<path d='M{low:.1f} {y:.1f}H{high:.1f}{ends}' stroke='{ACCENT}' stroke-width='6'/>"
        f"<circle cx='{at:.1f}' cy='{y:.1f}' r='11' fill='{ACCENT}' stroke='#fff' "
        "stroke-width='3'/>"
    )


def _ticks(count: int) -> list[int]:
    step = max(1, round(count / 4))
    return [1, *(place for place in range(step, count - step // 2, step) if place > 1), count]


def curves(
    table: pd.DataFrame, columns: Sequence[str], labels: Mapping[float, str], *, title: str,
    width: int = 420,
) -> str:  # fmt: skip
    """Lines over the years: the region accented, the medians grey and dashed.

    Parameters
    ----------
    table : DataFrame
        As `layers.study.yardsticks.medians_by_year` returns it, with the `columns` that are drawn.
    labels : mapping
        Value -> how it is written at the left edge, such as the lowest and the highest.
    """
    height, left, floor, top = 132, 76, 102, 10
    years = [int(year) for year in table.index]
    low, high = min(labels), max(labels)

    def x(year: float) -> float:
        return left + (width - left - 12) * (year - years[0]) / max(years[-1] - years[0], 1)

    def y(value: float) -> float:
        return floor - 8 - (floor - top - 8) * (value - low) / ((high - low) or 1)

    parts = [f"<path d='M{left - 6} {floor}H{width}' stroke='{GREY}' stroke-width='1.5'/>"]
    for value, label in labels.items():
        parts.append(
            f"<path d='M{left - 6} {y(value):.1f}H{width}' stroke='{PALE}' stroke-width='1'/>"
            f"<text x='{left - 10}' y='{y(value) + 6:.1f}' {_FONT} fill='{GREY}' "
            f"text-anchor='end'>{escape(label)}</text>"
        )
    parts += [
        f"<text x='{x(year):.1f}' y='{height - 8}' {_FONT} fill='{GREY}' "
        f"text-anchor='{anchor}'>{year}</text>"
        for year, anchor in ((years[0], "start"), (years[-1], "end"))
    ]
    for column in reversed(columns):
        known = table[column].dropna()
        steps = [(x(float(str(year))), y(float(value))) for year, value in known.items()]
        path = "L".join(f"{across:.1f} {down:.1f}" for across, down in steps)
        parts.append(f"<path d='M{path}' fill='none' {_STYLES[column]}/>" if steps else "")
        if column == columns[0] and steps:
            across, down = steps[-1]
            parts.append(f"<circle cx='{across:.1f}' cy='{down:.1f}' r='6.5' fill='{ACCENT}'/>")
    return _svg(parts, width, height, title)


def locate(locator: Locator, region: str, land: str, *, title: str, width: int = 330) -> str:
    """Small map: all Länder, the own one darker, the region accented; a small one gets a ring."""
    height = round(width * locator.height / locator.width)
    unit = locator.width / width
    parts = [
        f"<path d='{path}' transform='scale({locator.scale / unit:.5f})' "
        f"fill='{PALE if key == land else GROUND}' stroke='#fff' "
        f"stroke-width='{2 * unit / locator.scale:.1f}'/>"
        for key, path in locator.outlines.items()
    ]
    own = locator.regions.get(region)
    if own:
        parts.append(f"<path d='{own['d']}' transform='scale({1 / unit:.5f})' fill='{ACCENT}'/>")
        if own["r"] / unit < _SMALL:
            parts.append(
                f"<circle cx='{own['x'] / unit:.1f}' cy='{own['y'] / unit:.1f}' r='13' "
                f"fill='none' stroke='{ACCENT}' stroke-width='3'/>"
            )
    return _svg(parts, width, height, title)


def _at(value: float, ends: tuple[float, float], width: int) -> float:
    """Place of a value between the edges, with room for half a mark."""
    low, high = ends
    return 13 + (width - 26) * (value - low) / ((high - low) or 1)


def _svg(parts: Iterable[str], width: int, height: int, title: str) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' viewBox='0 0 {width} {height}' "
        f"width='{width / 10:g}mm' height='{height / 10:g}mm'><title>{escape(title)}</title>"
        f"{''.join(parts)}</svg>"
    )
