"""What must be true of reports: they say what the analyses found, and explain every column."""

from __future__ import annotations

import pandas as pd
import pytest

from layers import Recipe, RecipeError, score
from layers.certainty.choices import standard_choices
from layers.certainty.extremes import extremes
from layers.certainty.flip import flip
from layers.certainty.smaa import smaa
from layers.robust import robust_scores
from layers.study import reports
from layers.study.reports.bands import extra_columns
from layers.study.reports.report import number, percent, sentence
from layers.weighting.data_weights import data_weights

DROP = Recipe.parse({"normalise": {"constant": "drop"}})

HEAVY = DROP.model_copy(update={"weights": {"layer:land": 3.0}})


@pytest.fixture(scope="module")
def scores(toy):
    return score(toy, DROP)


@pytest.fixture(scope="module")
def everything(toy, scores):
    """Return every report on the toy."""
    whole = standard_choices(toy, DROP, whole=True)
    other = score(toy, Recipe.parse({"normalise": {"method": "rank"}, "year": 2021,
                                     "weights": {"layer:land": 3.0}}))  # fmt: skip
    members = ["land", "people"]
    return {
        "sobol": reports.report_sobol(scores, whole, samples=16, seed=2),
        "multiverse": reports.report_multiverse(scores, standard_choices(toy, DROP)),
        "extremes": reports.report_extremes(scores, ["A1", "B2"]),
        "leave-out": reports.report_leave_out(scores),
        "leave-out layers": reports.report_leave_out(scores, "layer"),
        "coherence": reports.report_coherence(scores),
        "compare": reports.report_comparison(scores, other),
        "two regions": reports.report_two_regions(scores, "A1", "B2", draws=100),
        "weights": reports.report_weights(
            scores,
            comparisons=pd.DataFrame([[1, 3], [1 / 3, 1]], members, members),
            budgets=pd.DataFrame([[60, 40], [20, 80]], ["Ann", "Ben"], members),
        ),
        "group": reports.report_group({"Ann": scores, "Ben": score(toy, HEAVY)}),
        "panel": reports.report_panel(scores, [2020, 2021], max_age=2),
    }


REPORTS = [
    "sobol", "multiverse", "extremes", "leave-out", "leave-out layers", "coherence", "compare",
    "two regions", "weights", "group", "panel",
]  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_every_column_of_every_table_is_explained_in_both_languages(everything, name):
    report = everything[name]
    for table, content in report.tables.items():
        book = report.code_book(table)
        assert [one.name for one in book] == list(content.columns)
        assert all(one.text.de and one.text.en and "{" not in one.text.en for one in book)


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_says_something_and_names_recipe_dataset_and_settings(everything, name):
    report = everything[name]
    assert report.words
    assert all(one.de and one.en for one in report.words)
    about = report.about[0]
    assert about.recipe.dataset == about.reference == "toy@1"
    assert f"Analysis: {report.name}, settings " in "\n".join(about.lines("en"))
    assert about.to_dict()["analysis"]["settings"] == report.settings


def test_sobol_names_its_seed_samples_and_choices(everything):
    settings = everything["sobol"].settings
    assert (settings["seed"], settings["samples"]) == (2, 16)
    assert settings["choices"]["aggregate.method"] == ["arithmetic", "geometric"]
    # Saltelli's scheme without second order: N (d + 2), four choices and two weights.
    assert settings["evaluations"] == 16 * (4 + 2 + 2)


def test_the_multiverse_lists_every_variant_and_why_some_were_not_run(everything):
    tables = everything["multiverse"].tables
    assert len(tables["variants"]) == 4 * 2 * 2 * 2 * 2
    skipped = tables["variants"]["reason"] == "needs_positive"
    assert skipped.sum() == 2 * 2 * 2
    assert len(tables["ranks"].columns) == 2 + (~skipped).sum()


def test_extremes_are_those_of_the_analysis_with_names(scores, everything):
    table = everything["extremes"].tables["extremes"].set_index("region")
    expected = extremes(scores, ["A1", "B2"])
    pd.testing.assert_frame_equal(table[list(expected)], expected, check_names=False)
    assert list(table["name"]) == ["Alpha", "Beta"]


def test_two_regions_are_compared_in_words_and_numbers(scores, everything):
    report = everything["two regions"]
    wins = smaa(scores, chosen=["A1", "B2"], draws=100).wins
    assert list(report.tables["wins"]["share"]) == [wins.loc["A1", "B2"], wins.loc["B2", "A1"]]
    moved = flip(scores, "A1", "B2").distance / 2
    assert report.tables["flips"].loc[0, "moved"] == moved
    assert report.tables["flips"]["status"].tolist() == ["possible", "already"]
    first, second, third = report.words
    assert percent(wins.loc["A1", "B2"], 1).en in first.en
    assert f"at least {percent(moved, 2).en} of all weight has to move" in second.en
    assert "Land von" in second.de
    assert "Menschen von" in second.de
    assert third.en == "Alpha is ahead of Beta as it is."


def test_a_region_cannot_be_compared_with_itself(scores):
    with pytest.raises(RecipeError, match="cannot overtake itself"):
        reports.report_two_regions(scores, "A1", "A1")


def test_data_weights_stand_beside_given_ones_for_every_node(scores, everything):
    table = everything["weights"].tables["weights"].set_index("member")
    assert list(table["node"].unique()) == ["index", "soil", "water", "land", "people"]
    assert table.loc["layer:soil", "given"] == 3 / (3 + 1)
    expected = data_weights(scores.layers[["land", "people"]], "entropy").weights
    assert list(table.loc[["layer:land", "layer:people"], "entropy"]) == list(expected)
    assert table.loc[["layer:land", "layer:people"], "pca"].isna().all()


def test_a_refusal_is_a_row_with_its_reason(everything):
    methods = everything["weights"].tables["methods"].set_index(["node", "method"])
    assert "pca gives no weights here" in methods.loc[("index", "pca"), "reason"]
    assert methods.loc[("index", "equal"), ["regions", "left_out"]].tolist() == [4, 0]


def test_peoples_weights_hold_for_the_node_they_judged(everything):
    table = everything["weights"].tables["weights"].set_index("member")
    top = ["layer:land", "layer:people"]
    assert list(table.loc[top, "pairwise"]) == pytest.approx([3 / 4, 1 / 4])
    assert list(table.loc[top, "budget"]) == pytest.approx([(60 + 20) / 200, (40 + 80) / 200])
    assert table.drop(index=top)[["pairwise", "budget"]].isna().all(axis=None)


def test_people_may_judge_another_node(scores):
    points = pd.DataFrame([[10, 90], [30, 70]], ["Ann", "Ben"], ["indicator:stones", "fertility"])
    report = reports.report_weights(scores, node="soil", budgets=points)
    table = report.tables["weights"].set_index("member")
    assert table["budget"].to_dict() == pytest.approx(
        {"indicator:fertility": (90 + 70) / 200, "indicator:stones": (10 + 30) / 200}
    )


def test_unknown_nodes_and_members_are_refused(scores):
    with pytest.raises(RecipeError, match=r"'sea' is no layer .* allowed: index, soil"):
        reports.report_weights(scores, node="sea")
    points = pd.DataFrame([[10, 90], [30, 70]], ["Ann", "Ben"], ["land", "sea"])
    with pytest.raises(RecipeError, match="each of these once is needed: layer:land, layer:people"):
        reports.report_weights(scores, budgets=points)


def test_the_change_between_two_runs_is_split_and_adds_up(everything):
    report = everything["compare"]
    table = report.tables["comparison"]
    parts = table[["data", "weights", "method"]].sum(axis=1)
    pd.testing.assert_series_equal(parts, table["change"], check_names=False)
    assert len(report.about) == 2
    assert report.settings["after"]["normalise"]["method"] == "rank"
    assert report.tables["agreement"].loc[0, "differs"] == "data weights method"


def test_leaving_out_says_which_region_moves_most(everything):
    summary = everything["leave-out"].tables["summary"]
    assert summary.loc[0, "left_out"] == "indicator:quarrels"
    assert summary.loc[0, ["region", "name"]].tolist() == ["B2", "Beta"]
    columns = everything["leave-out layers"].tables["changes"].columns
    assert {"layer:soil", "layer:land"} <= set(columns)


def test_panel_tells_what_is_missing(everything):
    report = everything["panel"]
    assert {notice.code for notice in report.notices} == {"no_value_in_year", "no_score_in_year"}
    assert set(report.tables["panel"]["name"]) == {"Alpha", "Beta", "Gamma", "Delta"}


def test_extra_columns_use_the_draws_of_the_bands(scores):
    bands = robust_scores(scores, draws=300, seed=5, spread=0.5)
    extra = extra_columns(scores, bands, blocks=[1, 3], time_limit=0)
    expected = smaa(scores, ends=[1, 3], draws=300, seed=5, spread=0.5).acceptability
    assert extra.table["block:1"].tolist() == expected["1"].tolist() == [
        float(one) for one in bands.distribution[:, 0] / 300
    ]  # fmt: skip
    assert (extra.table["possible_best"] <= bands.bands["best"]).all()
    assert (extra.table["possible_worst"] >= bands.bands["worst"]).all()
    assert [one.name for one in extra.columns] == list(extra.table)
    assert extra.run.settings == {"blocks": [1, 3], "time_limit": 0}
    assert extra_columns(scores, bands) is None


def test_numbers_are_written_as_the_language_does():
    assert (number(1.25, 1).de, number(1.25, 1).en) == ("1,2", "1.2")
    assert (percent(0.5).de, percent(0.5).en) == ("50 %", "50%")
    assert sentence("flip_layer", layer="x", before="1", after="2").en == "x from 1 to 2"
