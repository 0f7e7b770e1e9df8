"""The first page says what the engine computed, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from reading import number, read, tables, words_of

from layers import Recipe, score
from layers.robust import robust_scores
from layers.study.profile import profile, strengths
from layers.table import names
from views.report.background import background
from views.report.front import front

SEENPLATTE = "13071"


def page(region, shared):
    return read(f"<!DOCTYPE html><title>x</title>{front(region, shared)}")


@pytest.mark.parametrize("region", [SEENPLATTE, "11000", "04012"])
def test_rank_band_and_score_are_those_of_the_engine(region, german, scores, bands):
    told, row = words_of(page(region, german)), bands.bands.loc[region]
    assert f"Rang {scores.ranks[region]:g} von 400" in told
    assert f"zwischen Platz {row['rank_p05']:g} und {row['rank_p95']:g}" in told
    assert f"{row['rank_p05']:g}–{row['rank_p95']:g}" in told
    assert f"Potenzialwert{scores.index[region]:.1f}".replace(".", ",") in told


def test_the_width_of_the_band_is_compared_with_all_others(german, bands):
    width = bands.bands["rank_p95"] - bands.bands["rank_p05"]
    wider = int((width > width[SEENPLATTE]).sum())
    told = words_of(page(SEENPLATTE, german))
    assert f"liegen {width[SEENPLATTE]:g} Plätze; bei {wider} der 399 übrigen Kreise" in told


def test_layers_stand_beside_the_medians_of_country_land_and_type(german, scores):
    rows = tables(page(SEENPLATTE, german))["Bereiche im Vergleich"]
    layers = [one.id for one in scores.dataset.catalogue.sublayers()]
    assert len(rows) == 1 + len(layers) + 1
    land = scores.dataset.regions["land"] == "13"
    kind = scores.dataset.regions["thuenen_type"] == 1
    for key, row in zip(layers, rows[1:-1], strict=True):
        values = scores.layers[key]
        expected = [
            values[SEENPLATTE],
            values.median(),
            values[land].median(),
            values[kind].median(),
        ]
        assert [number(cell) for cell in row[3:7]] == pytest.approx(expected, abs=0.0501)


def test_a_land_of_one_kreis_is_no_yardstick_of_its_own(german):
    heads = tables(page("11000", german))["Bereiche im Vergleich"][0]
    assert not any("Berlin" in one for one in heads)


def test_strengths_name_value_year_and_the_rank_among_all(german, scores):
    rows = tables(page(SEENPLATTE, german))["Stärken"][1:]
    keys = [key.removeprefix("indicator:") for key in strengths(profile(scores, SEENPLATTE)).index]
    assert len(rows) == len(keys)
    for key, row in zip(keys, rows, strict=True):
        values = scores.normalised[key]
        assert int(row[3]) == 1 + int((values > values[SEENPLATTE]).sum())
        assert row[2] == str(scores.years[key])


def test_a_flagged_value_has_an_asterisk_and_its_flag_is_explained(german, scores):
    told = words_of(page("16063", german))
    assert "*" in "".join(row[1] for row in tables(page("16063", german))["Schwächen"][1:])
    assert "Auf heutige Grenzen umgerechnet:" in told


def test_gaps_are_named(german, scores):
    scored = [key for key in scores.plan.scored() if np.isnan(scores.raw[key]["03159"])]
    told = words_of(page("03159", german))
    assert scored
    for key in scored:
        assert scores.dataset.catalogue.indicator_by_id[key].name.de in told.split("Ohne Wert:")[1]


def test_a_region_without_score_is_told_why(scores, german):
    recipe = Recipe.parse({**scores.recipe.to_dict(), "filter": {"land": ["09"]},
                           "reference": {"set": "filtered"}})  # fmt: skip
    within = score(scores.dataset, recipe)
    bands = robust_scores(within, draws=50, seed=1)
    told = words_of(page("11000", background(within, bands, "de", regions=["11000"])))
    assert "außerhalb der Auswahl" in told
    assert "Rang und Rangband" in told
    assert "steht Berlin auf" not in told
    assert "Bereiche im Vergleich" not in told


def test_kind_land_population_and_types_are_told(german, scores):
    told = words_of(page(SEENPLATTE, german))
    assert names(scores)[SEENPLATTE] in told
    assert "Landkreis in Mecklenburg-Vorpommern" in told
    assert "sehr ländlich, weniger gute sozioökonomische Lage" in told


def test_a_dataset_without_places_and_types_has_a_report(little):
    told = words_of(page("A1", little))
    assert "Alpha" in told
    assert f"Rang {little.scores.ranks['A1']:g} von 4" in told
