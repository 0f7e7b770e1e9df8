"""The second page: time lines, what the rank hangs on, other regions, sources."""

from __future__ import annotations

import pytest
from reading import number, read, tables, words_of

from layers import Recipe, score
from layers.certainty.flip import flip
from layers.study.profile import peers
from layers.table import names
from views.report.back import back

LAST, FIRST, SHORE, ISLAND = "05513", "09477", "01055", "11000"


def page(region, shared):
    return read(f"<!DOCTYPE html><title>x</title>{back(region, shared)}")


def test_time_lines_give_the_values_of_the_dataset(german, scores):
    rows = tables(page(LAST, german))["Arbeitslosenquote, %"]
    values = scores.dataset.values
    values = values[(values["indicator"] == "unemployment_rate") & (values["region"] == LAST)]
    series = values.set_index("year")["value"].sort_index()
    assert rows[0][1:] == [str(series.index[0]), str(series.index[-1])]
    assert [number(cell) for cell in rows[1][1:]] == pytest.approx(
        [series.iloc[0], series.iloc[-1]], abs=0.0501
    )


def test_the_line_of_the_land_is_named_only_where_it_is_drawn(german):
    assert "Land (Median)" not in words_of(page(ISLAND, german))
    assert "Median der Kreise des Landes" not in words_of(page(ISLAND, german))
    assert "Land (Median)" in words_of(page(LAST, german))


def test_ranks_under_other_weights_are_those_of_a_run(german, scores):
    rows = tables(page(SHORE, german))["Ein Bereich zählt anders"]
    layers = {one.name.de: one.id for one in scores.dataset.catalogue.sublayers()}
    for name, without, doubled in rows[1:3]:
        for weight, cell in ((0.0, without), (2.0, doubled)):
            recipe = Recipe.parse({**scores.recipe.to_dict(),
                                   "weights": {f"layer:{layers[name]}": weight}})  # fmt: skip
            assert number(cell) == score(scores.dataset, recipe).ranks[SHORE]


def test_the_smallest_shift_past_the_next_one_is_that_of_the_engine(german, scores):
    ahead = scores.ranks[scores.ranks == scores.ranks[LAST] - 2].index[0]
    told = words_of(page(LAST, german))
    moved = flip(scores, ahead, LAST).distance / 2
    assert f"Vorbei an {names(scores)[ahead]} (Rang 398): " in told
    assert f"{100 * moved:.1f}".replace(".", ",") + " % des Gewichts" in told.replace("\xa0", " ")


def test_the_first_is_told_who_would_go_past(german, scores):
    told = words_of(page(FIRST, german))
    second = names(scores)[scores.ranks[scores.ranks == 2].index[0]]
    assert f"{second} (Rang 2) zieht vorbei" in told
    assert "Vorbei an" not in told


def test_similar_regions_are_of_the_same_type(german, scores):
    rows = tables(page(SHORE, german))["Ähnliche Kreise"][1:]
    near, kinds = peers(scores, SHORE, count=400), scores.dataset.regions["thuenen_type"]
    same = [key for key in near.index if kinds[key] == kinds[SHORE]][:4]
    assert [row[0] for row in rows] == [names(scores)[key] for key in same]
    assert [number(row[3]) for row in rows] == pytest.approx(
        [scores.index[key] for key in same], abs=0.0501
    )


def test_more_neighbours_than_there_is_room_for_are_counted(german):
    rows = tables(page("07338", german))["Nachbarkreise"][1:]
    assert len(rows) == 5
    assert len(german.borders["07338"]) == 12
    assert "Dazu 7 weitere" in words_of(page("07338", german))


def test_sources_carry_attribution_licence_and_status(german, scores):
    told = words_of(page(FIRST, german))
    for one in german.about.sources.values():
        assert one.attribution.rstrip(".") in told
    assert "Lizenz: CC0-1.0, bestätigt" in told
    assert "Lizenz: nicht angegeben, zu klären" in told
    assert german.about.recipe_hash in told
    assert german.about.citation("de") in told


def test_a_recipe_that_no_weight_can_turn_says_so(little, toy):
    from layers.robust import robust_scores
    from views.report.background import background

    scores = score(toy, Recipe.parse({"aggregate": {"method": "median"}}))
    shared = background(scores, robust_scores(scores, draws=20, seed=1), "en")
    told = words_of(page(shared.order[-1], shared))
    assert "cannot be computed" in told
