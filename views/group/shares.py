"""The shares that several people give to the layers: side by side, or summed up."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from layers.shares import percentages
from layers.study.wishes import wishes
from views.group import voices
from views.group.voices import MOST

if TYPE_CHECKING:
    import pandas as pd

    from layers.study.wishes import Wishes
    from views.frame import Scene
    from views.group.voices import Voice
    from views.i18n import Words

__all__ = ["grouping_words", "shares_html"]

#: Length of the longest bar in rem.
_BAR = 5.0
#: Shares above 0 that are rounding.
_SPECK = 1e-9


def shares_html(given: tuple[Voice, ...], scene: Scene) -> str:
    """Table of the shares: a column for everybody, or for many people a summary."""
    words, found = scene.words, _wishes(given, scene)
    layers = [key for key in map(str, found.layers) if found.catalogue.below(key)]
    shares = found.layers[layers]
    columns = _everybody(shares) if len(shares) <= MOST else _summary(shares, words)
    longest = max(max(column) for column in columns.values())
    head = "".join(f"<th scope='col'>{escape(title)}</th>" for title in columns)
    rows = "".join(
        f"<tr><th scope='row'>{escape(words.of(found.catalogue.layer_by_id[key].name))}</th>"
        + "".join(_bar_cell(one[place], longest, words) for one in columns.values()) + "</tr>"
        for place, key in enumerate(layers)
    )  # fmt: skip
    title = words("weightings.shares")
    if len(shares) > MOST:
        title = words("weightings.shares_many", people=len(shares))
    return (
        f"<div class='atlas-shares' tabindex='0' role='group' aria-label='{escape(title)}'><table>"
        f"<caption>{escape(title)}</caption><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def grouping_words(given: tuple[Voice, ...], scene: Scene) -> str:
    """Say whose weights belong to another grouping, and what of them lies outside this one."""
    words, lens = scene.words, scene.state.recipe.lens
    others = [one for one in given if one.recipe.lens != lens]
    if not others:
        return ""
    outside = _wishes(given, scene).outside
    apart = outside[outside > _SPECK].astype("float64")
    line = words("weightings.regrouped", count=len(others))
    if apart.empty:
        return line
    listed = "; ".join(
        words("weightings.outside_one", name=str(name), share=words.percent(share))
        for name, share in apart.head(MOST).to_dict().items()
    )
    return f"{line} {words('weightings.outside', listed=listed)}"


def _wishes(given: tuple[Voice, ...], scene: Scene) -> Wishes:
    named = voices.titles(given, scene.words)
    people = {named[one.key]: one.recipe for one in given}
    return wishes(scene.dataset, people, lens=scene.state.recipe.lens)


def _everybody(shares: pd.DataFrame) -> dict[str, list[float]]:
    """Percentages that add up to 100, or to what lies inside the grouping."""
    return {str(name): _rounded(row) for name, row in shares.iterrows()}


def _rounded(row: pd.Series) -> list[float]:
    if abs(row.sum() - 1) < _SPECK:
        return percentages(row.to_numpy(dtype="float64"), 1)
    return [round(100 * float(share), 1) for share in row]


def _summary(shares: pd.DataFrame, words: Words) -> dict[str, list[float]]:
    means = percentages(shares.mean().to_numpy(dtype="float64"), 1)
    others = {"lowest": shares.min(), "highest": shares.max(), "deviation": shares.std(ddof=1)}
    return {words("weightings.mean_share"): means} | {
        words(f"weightings.{key}"): [100 * float(one) for one in column]
        for key, column in others.items()
    }


def _bar_cell(percent: float, longest: float, words: Words) -> str:
    # One length for all columns, however wide they are, so that bars can be compared across.
    width = _BAR * percent / longest if longest else 0
    return (
        f"<td><span>{escape(words.percent(percent / 100, 1))}</span>"
        f"<i style='width:{width:.2f}rem'></i></td>"
    )
