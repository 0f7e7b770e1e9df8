"""Charts of ranks must be drawable for one region as for hundreds, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from views.charts import ranks as rank_charts
from views.i18n import LANGUAGES, words


def tables(picture):
    """Rows of a picture, as the browser reads them."""
    return [convert_arrow_bytes_to_pandas_df(one) for one in picture.rows.values()]


def bands(count):
    places = range(1, count + 1)
    return pd.DataFrame({
        "region": [f"{place:05}" for place in places], "place": places, "rank": places,
        "low": places, "high": count, "median": places,
        "name": "N", "verdict": words("de")("verdict.open"), "text": "t",
        "marked": [place == 1 for place in places],
    })  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 400])
def test_intervals_hold_every_region(language, count):
    chart = rank_charts.intervals(bands(count), title="x", order="y", words=words(language))
    assert [len(one) for one in tables(chart)] == [count]
    assert chart.spec["config"]["locale"]["number"]["decimal"] == ("," if language == "de" else ".")


def test_a_click_names_the_region_nearest_to_it():
    drawn = rank_charts.intervals(bands(3), title="x", order="y", words=words("de")).spec
    (picked,) = drawn["params"]
    assert picked["name"] == rank_charts.PICKED
    assert picked["select"]["fields"] == ["region"]
    assert picked["select"]["nearest"]


def test_shares_are_bars_that_begin_at_nothing():
    rows = pd.DataFrame(
        {"first": [1, 11], "last": [10, 20], "share": [0.4, 0.6], "top": [True, False], "text": "t"}
    )
    bars = rank_charts.share_bars(rows, title="x", ranks="y", words=words("de")).spec
    assert bars["layer"][0]["encoding"]["y2"] == {"datum": 0}


def test_estimates_below_nothing_are_drawn_at_nothing():
    rows = pd.DataFrame(
        {"name": ["a"], "first": [-0.02], "total": [0.1], "low": [-0.01], "high": [0.2],
         "text": ["t"]}
    )  # fmt: skip
    (data,) = tables(rank_charts.influence_bars(rows, title="x", words=words("en")))
    assert (data["shown"][0], data["low"][0]) == (0, 0)


@pytest.mark.parametrize("last", [1, 2, 7, 96, 171, 400, 10_956])
def test_axes_name_the_first_and_the_last_rank(last):
    ticks = rank_charts._ticks(last)
    assert (ticks[0], ticks[-1]) == (1, last)
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= 14
