"""The table beside the map must be told what the result table says, no more and no less."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from layers import Dataset, Recipe, robust, score
from layers.table import result_table
from views.figures import figure
from views.i18n import words
from views.score_table import describe
from views.state import PageState

WORDS = words("de")


@pytest.fixture(scope="module")
def toy(request):
    return Dataset.open(request.config.rootpath / "tests" / "toy")


def told(toy, recipe=None, show="score", **state):
    page = replace(PageState(), show=show, recipe=recipe or Recipe(), **state)
    scores, bands = score(toy, page.recipe), robust(toy, page.recipe, draws=50)
    shown = figure(page, scores, bands, WORDS)
    return describe(page, shown, scores, bands, WORDS), scores, bands


def column(data, kind):
    return next(one for one in data["columns"] if one["kind"] == kind)


def test_every_row_says_what_the_result_table_says(toy):
    data, scores, bands = told(toy)
    table = result_table(scores, bands)
    assert data["ids"] == table["region"].tolist()
    for kind, name in [("rank", "rank"), ("band", "rank_p05"), ("score", "score")]:
        values = pd.Series(column(data, kind)["values"], dtype="float64")
        assert values.equals(table[name].astype("float64")), kind
    layers = [one["title"] for one in data["columns"] if one["kind"] == "layer"]
    assert len(layers) == len(toy.catalogue.sublayers())


def test_rows_are_found_again_in_the_tables_that_the_browser_works_with(toy):
    data, scores, _ = told(toy)
    assert [scores.index.index[place] for place in data["places"]] == data["ids"]


def test_a_gap_is_no_number_and_the_whole_is_json(toy):
    data, scores, _ = told(toy)
    text = json.dumps(data, allow_nan=False)
    values = column(json.loads(text), "score")["values"]
    assert values.count(None) == int(scores.index[scores.selected].isna().sum())


@pytest.mark.parametrize("show", ["score", "top_quarter"])
def test_what_has_a_column_already_gets_no_second_one(toy, show):
    data, _, _ = told(toy, show=show)
    assert not [one for one in data["columns"] if one["kind"] == "shown"]


def test_another_figure_on_the_map_is_in_the_table_and_left_to_the_server(toy):
    data, _, bands = told(toy, show="width")
    values = column(data, "shown")["values"]
    width = (bands.bands["rank_p95"] - bands.bands["rank_p05"]).astype("float64")
    assert pd.Series(values, dtype="float64").tolist() == pytest.approx(
        width.loc[data["ids"]].tolist(), nan_ok=True
    )
    assert data["weights"] is None
