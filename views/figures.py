"""What a map colours: the chosen figure of every region with its words, classes and certainty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geo.classes import Classes, Ramp, classify, ramp
from views.live import SURE
from views.map_component import MISSING, OUTSIDE, MapClass

if TYPE_CHECKING:
    import pandas as pd

    from layers import Bands, Scores
    from views.i18n import Words
    from views.state import PageState

__all__ = ["Figure", "choices", "decimals_for", "doubtful", "figure", "name_of"]


@dataclass(frozen=True)
class Figure:
    """One figure of all regions, ready to be drawn.

    Attributes
    ----------
    values : Series
        The figure per region, NaN where there is none.
    label, legend : str
        Its name, and the heading of its legend.
    decimals : int
        For writing its values.
    percent : bool
        Whether values are shares of 1, written as percentages.
    """

    values: pd.Series
    label: str
    legend: str
    decimals: int
    classes: Classes
    colours: tuple[str, ...]
    percent: bool = False

    @cached_property
    def _counts(self) -> bool:
        """Whether all values are whole numbers."""
        values = self.values.to_numpy(dtype=np.float64, na_value=np.nan)
        return not self.percent and bool((values[np.isfinite(values)] % 1 == 0).all())

    def write(self, value: float, words: Words) -> str:
        """Write one value."""
        return words.percent(value) if self.percent else words.number(value, self.decimals)

    def write_all(self, words: Words) -> list[str]:
        """Write the value of every region."""
        values = self.values.to_numpy(dtype=np.float64, na_value=np.nan)
        if self.percent:
            return [words.percent(one) for one in values.tolist()]
        return words.numbers(values, self.decimals)

    def legend_entries(self, words: Words) -> list[MapClass]:
        """Classes with colour, bounds in words and count."""
        return [
            {"colour": colour, "label": self._bounds(low, high, words), "count": count}
            for colour, (low, high), count in zip(
                self.colours, self.classes.bounds, self.classes.counts, strict=True
            )
        ]

    def codes(self, reference: pd.Series) -> list[int]:
        """Class of every region; what lies outside the reference set is told from a gap."""
        codes = self.classes.codes.to_numpy()
        without = np.where(reference, MISSING, OUTSIDE)
        return [int(code) for code in np.where(codes < 0, without, codes)]

    def _bounds(self, low: float, high: float, words: Words) -> str:
        lowest = low == self.classes.bounds[0][0]
        if self._counts:
            return _whole(low, high, first=lowest, words=words)
        first = "_first" if lowest else ""
        ends = {"low": self.write(low, words), "high": self.write(high, words)}
        return words(f"map.bounds{first}", **ends)


def choices(scores: Scores) -> list[str]:
    """Figures on offer, as keys of `PageState.show`."""
    catalogue = scores.dataset.catalogue
    layers = [f"layer:{key}" for key in catalogue.layer_by_id if catalogue.below(key)]
    return ["score", "top_quarter", "width", *layers, *(f"indicator:{k}" for k in scores.raw)]


def name_of(show: str, scores: Scores, words: Words) -> str:
    """Name of a figure in a list of figures."""
    kind, _, key = show.partition(":")
    catalogue = scores.dataset.catalogue
    if kind == "layer":
        return words("map.group_layer", name=words.of(catalogue.layer_by_id[key].name))
    if kind == "indicator":
        return words("map.group_indicator", name=words.of(catalogue.indicator_by_id[key].name))
    return words(f"map.{kind}")


def decimals_for(values: pd.Series) -> int:
    """Decimals that tell regions apart: about a thirtieth of the standard deviation, 1 to 4."""
    spread = float(values.std())
    return int(np.clip(np.ceil(-np.log10(spread / 30)), 1, 4)) if spread > 0 else 1


def figure(state: PageState, scores: Scores, bands: Bands, words: Words) -> Figure:
    """Return the figure that `state.show` asks for."""
    values, legend, decimals, percent, colours = _content(state.show, scores, bands, words)
    classes = classify(values, state.scheme, state.classes)
    return Figure(
        values=values, label=name_of(state.show, scores, words), legend=legend,
        decimals=decimals, classes=classes, colours=ramp(colours, len(classes.bounds)),
        percent=percent,
    )  # fmt: skip


def doubtful(
    state: PageState, shown: Figure, scores: Scores, bands: Bands
) -> list[bool] | None:  # fmt: skip
    """Regions that keep the class of their score in too few weightings.

    None for other figures than the score, where doubt is switched off, and where it was not
    counted how often each region had each rank.
    """
    if state.show != "score" or not state.doubt or not bands.counted:
        return None
    stays = bands.stays_within(shown.classes.codes, scores.ranks)
    return [bool(share < SURE) for share in stays]


def _content(
    show: str, scores: Scores, bands: Bands, words: Words
) -> tuple[pd.Series, str, int, bool, Ramp]:
    kind, _, key = show.partition(":")
    catalogue = scores.dataset.catalogue
    match kind:
        case "top_quarter":
            share = bands.bands["top_quarter"].astype("float64")
            return share, words("map.legend_top_quarter"), 0, True, "certainty"
        case "width":
            width = (bands.bands["rank_p95"] - bands.bands["rank_p05"]).astype("float64")
            return width, words("map.legend_width"), 0, False, "certainty"
        case "layer":
            name = words.of(catalogue.layer_by_id[key].name)
            values = scores.layers[key]
            legend = words("map.legend_layer", name=name)
            return values, legend, decimals_for(values), False, "potential"
        case "indicator":
            one = catalogue.indicator_by_id[key]
            legend = words(
                "map.legend_indicator", name=words.of(one.name), unit=words.of(one.unit),
                year=scores.years[key],
            )  # fmt: skip
            return scores.raw[key], legend, one.decimals, False, "potential"
        case _:
            legend, decimals = _score_legend(scores, words), decimals_for(scores.index)
            return scores.index, legend, decimals, False, "potential"


def _score_legend(scores: Scores, words: Words) -> str:
    ends = scores.recipe.normalise.ends
    if ends is None:
        return words("map.legend_points")
    low, high = (words.number(end) for end in ends)
    return words("map.legend_score", low=low, high=high)


def _whole(low: float, high: float, *, first: bool, words: Words) -> str:
    start = low if first else low + 1
    return words.number(high) if start >= high else f"{words.number(start)} – {words.number(high)}"
