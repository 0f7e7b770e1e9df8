"""Kinds of place: worked out by hand, and what must hold for any bounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import dataset, indicator, layer

from layers import Dataset, Recipe, score
from layers.errors import RecipeError
from layers.kinds import (
    COLUMNS,
    ECONOMIES,
    PARTS,
    TRENDS,
    Series,
    attributes,
    columns,
    counts,
    kinds,
    missing,
    trends,
)
from layers.population import DENSITY
from layers.recipe import Kinds
from layers.seen import seen

ROOT = Path(__file__).parents[2]
COLUMNS_OF_VALUES = ["region", "indicator", "year", "value", "flag", "source"]
KREISE = Dataset.open(ROOT / "data" / "kreise")
READ = Series(KREISE)
#: Two years, so that ten percent more are ten percent a year.
YEAR = Kinds(first=2020, last=2021, economy_bounds=(-1.0, 1.0), population_bounds=(-2.0, 2.0))
LAYERS = [
    layer(
        "top", indicator(DENSITY, direction="0"), indicator("gdp_per_head"),
        indicator("unemployment", direction="-", unit="%"),
    )
]  # fmt: skip


def made(**series):
    """Regions of 1,000 km² with values by year from 2020: series -> a list per region."""
    size = len(next(iter(series.values())))
    keys = [f"R{place}" for place in range(size)]
    regions = pd.DataFrame({"name": keys, "area_km2": 1000.0}, index=keys)
    start = dataset(LAYERS, pd.DataFrame({DENSITY: 1.0}, index=keys), regions)
    rows = [
        (keys[place], key, year, float(value), "", "")
        for key, lists in series.items()
        for place, values in enumerate(lists)
        for year, value in enumerate(values, start=2020)
    ]
    return replace(start, values=pd.DataFrame(rows, columns=COLUMNS_OF_VALUES))


#: People 100,000 -> 110,000, 200,000 -> 190,000, 300,000 -> 300,000; GDP x 1.2, x 0.95, x 1.
EXAMPLE = made(
    **{DENSITY: [[100, 110], [200, 190], [300, 300]]},
    gdp_per_head=[[11, 12], [40, 40], [30, 30]],
)


@pytest.fixture(scope="module")
def kreise():
    return KREISE


def test_trends_worked_out_by_hand():
    economy, people = trends(EXAMPLE, YEAR)
    assert people.change.tolist() == pytest.approx([10, -5, 0])
    assert people.whole == pytest.approx(0)
    gdp = {2020: [11 * 100, 40 * 200, 30 * 300], 2021: [12 * 110, 40 * 190, 30 * 300]}
    own = [100 * (after / before - 1) for before, after in zip(*gdp.values(), strict=True)]
    whole = 100 * (sum(gdp[2021]) / sum(gdp[2020]) - 1)
    assert economy.own.tolist() == pytest.approx(own)
    assert economy.whole == pytest.approx(whole)
    assert economy.change.tolist() == pytest.approx([one - whole for one in own])
    assert economy.years == people.years == (2020, 2021)


def test_kinds_worked_out_by_hand():
    table = kinds(EXAMPLE, YEAR)
    assert table["kind_size"].tolist() == ["medium", "medium", "large"]
    assert table["kind_population"].tolist() == ["growing", "shrinking", "stable"]
    assert table["kind_economy"].tolist() == ["growing", "shrinking", "stable"]
    assert table["kind_of_place"].tolist() == [
        "medium_growing_growing", "medium_shrinking_shrinking", "large_stable_stable",
    ]  # fmt: skip


def test_over_several_years_it_is_the_geometric_mean():
    """From 100 to 121 in two years is 10 percent a year, whatever lay between."""
    found = made(**{DENSITY: [[100, 999, 121]]}, gdp_per_head=[[1, 1, 1]])
    _, people = trends(found, replace_years(2020, 2022))
    assert people.change.tolist() == pytest.approx([10])


def replace_years(first, last, **changes):
    return YEAR.model_copy(update={"first": first, "last": last, **changes})


def test_a_line_looks_at_the_years_between():
    """Of steady growth it says the same as the ends; of a leap in the middle it does not."""
    steady = made(**{DENSITY: [[100, 110, 121]]}, gdp_per_head=[[1, 1, 1]])
    line = replace_years(2020, 2022, trend="line")
    assert trends(steady, line)[1].change.tolist() == pytest.approx([10])
    leap = made(**{DENSITY: [[100, 100, 100, 121]]}, gdp_per_head=[[1, 1, 1, 1]])
    slope = np.polyfit(range(4), np.log([100, 100, 100, 121]), 1)[0]
    found = trends(leap, replace_years(2020, 2023, trend="line"))[1]
    assert found.change.tolist() == pytest.approx([100 * np.expm1(slope)])


def test_a_share_changes_in_points_and_less_unemployment_is_growth():
    found = made(**{DENSITY: [[100, 100], [300, 300]]}, unemployment=[[8, 5], [4, 4]])
    choices = YEAR.model_copy(update={"economy": "unemployment"})
    economy, _ = trends(found, choices)
    assert economy.points
    assert economy.own.tolist() == pytest.approx([3, 0])
    # Weighted by people: (8 + 3 x 4) / 4 = 5, then (5 + 3 x 4) / 4 = 4.25.
    assert economy.whole == pytest.approx(0.75)
    assert kinds(found, choices)["kind_economy"].tolist() == ["growing", "stable"]


def test_without_a_yardstick_the_series_is_compared_with_itself():
    economy, _ = trends(EXAMPLE, YEAR.model_copy(update={"yardstick": "none"}))
    assert economy.change.tolist() == economy.own.tolist()


def test_both_bounds_belong_to_the_outer_classes():
    found = made(**{DENSITY: [[100, 150], [100, 50], [100, 100]]}, gdp_per_head=[[1, 1]] * 3)
    _, people = trends(found, YEAR)
    ends = (people.change["R1"], people.change["R0"])
    table = kinds(found, YEAR.model_copy(update={"population_bounds": ends}))
    assert table["kind_population"].tolist() == ["growing", "shrinking", "stable"]


def test_the_size_begins_with_its_bound():
    found = made(**{DENSITY: [[1, 99], [1, 100], [1, 250]]}, gdp_per_head=[[1, 1]] * 3)
    assert kinds(found, YEAR)["kind_size"].tolist() == ["small", "medium", "large"]


def test_a_region_without_both_ends_has_no_kind():
    found = made(
        **{DENSITY: [[100, np.nan], [np.nan, 100], [100, 100]]},
        gdp_per_head=[[1, 1], [1, 1], [1, 1]],
    )
    table = kinds(found, YEAR)
    assert table["kind_population"].tolist() == [None, None, "stable"]
    assert table["kind_of_place"].isna().tolist() == [True, True, False]


bounds = st.tuples(st.integers(-300, 300), st.integers(1, 300)).map(
    lambda ends: (ends[0] / 100, (ends[0] + ends[1]) / 100)
)


@settings(max_examples=8)
@given(economy=bounds, people=bounds)
def test_every_kreis_is_in_exactly_one_kind(economy, people):
    choices = Kinds(economy_bounds=economy, population_bounds=people)
    table = kinds(KREISE, choices, read=READ)
    assert counts(table)["regions"].sum() == len(table) == 400
    for part in PARTS:
        assert table[part].notna().all()
    assert set(table["kind_of_place"]) <= set(attributes(KREISE, choices)["kind_of_place"].values)


@settings(max_examples=8)
@given(ends=bounds, more=st.integers(1, 200))
def test_a_higher_bound_never_adds_a_grower_nor_a_lower_one_a_shrinker(ends, more):
    def those(low, high, word):
        table = kinds(KREISE, Kinds(population_bounds=(low, high)), read=READ)
        return set(table.index[table["kind_population"] == word])

    low, high = ends
    assert those(low, high + more / 100, "growing") <= those(low, high, "growing")
    assert those(low - more / 100, high, "shrinking") <= those(low, high, "shrinking")


def test_every_series_on_offer_is_in_the_embedded_dataset(kreise):
    for name, usual in ECONOMIES.items():
        choices = Kinds(economy=name, economy_bounds=usual)
        assert missing(kreise, choices) == ()
        found = kinds(kreise, choices)["kind_economy"].value_counts(normalize=True)
        assert found[list(TRENDS)].min() > 0.1, name


def test_the_national_growth_of_gdp_is_the_published_one(kreise):
    """Destatis: 2,693.6 billion euros in 2011, 3,617.5 (first revision 3,601.8) in 2021."""
    economy, _ = trends(kreise, Kinds())
    assert economy.whole == pytest.approx(100 * ((3601.8 / 2693.6) ** 0.1 - 1), abs=0.02)


def test_the_counts_of_the_usual_kinds(kreise):
    """What README, page and map say; it changes with the data only."""
    table = kinds(kreise, Kinds())
    assert table["kind_population"].value_counts().to_dict() == {
        "growing": 217, "stable": 123, "shrinking": 60,
    }  # fmt: skip
    assert table["kind_economy"].value_counts().to_dict() == {
        "stable": 201, "shrinking": 108, "growing": 91,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code", "named"),
    [
        ({"economy": "magic"}, "kinds_series", "'magic'"),
        ({"first": 1900, "last": 1950}, "kinds_period", "1900 and 1950"),
    ],
)
def test_what_the_data_cannot_give_is_one_clear_line(kreise, given, code, named):
    with pytest.raises(RecipeError, match=named) as caught:
        kinds(kreise, Kinds(**given))
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        {"size": [2, 1]}, {"size": [0, 1]}, {"economy_bounds": [1, 1]}, {"first": 2021},
        {"population_bounds": [float("nan"), 1]}, {"trend": "curve"}, {"yardstick": "world"},
        {"economy": "<b>"}, {"growth": 1}, {"economy_bounds": [-101, 1]}, {"size": [1, 1e12]},
    ],
)  # fmt: skip
def test_choices_that_make_no_sense_are_refused(given):
    with pytest.raises(RecipeError, match=r"^recipe: ") as caught:
        Recipe.parse({"kinds": given})
    assert "\n" not in str(caught.value)


def test_a_density_as_economy_is_held_against_that_of_the_whole_land():
    """600,000 people are still 600,000, on the same land, whatever the sum of densities says."""
    regions = EXAMPLE.regions.assign(area_km2=[10.0, 1000.0, 1000.0])
    economy, people = trends(replace(EXAMPLE, regions=regions), YEAR.model_copy(
        update={"economy": DENSITY, "yardstick": "none"}
    ))  # fmt: skip
    lived = [1_000 + 200_000 + 300_000, 1_100 + 190_000 + 300_000]
    assert economy.whole == pytest.approx(100 * (lived[1] / lived[0] - 1))
    assert economy.whole == pytest.approx(people.whole)


def test_a_dataset_without_the_series_has_no_columns():
    toy = Dataset.open(ROOT / "tests" / "toy")
    assert missing(toy, Kinds()) == (DENSITY, "gdp_per_head")
    assert columns(toy, Kinds()).empty
    assert seen(toy, Recipe()) is toy


def test_own_choices_that_a_dataset_cannot_meet_are_told():
    toy = Dataset.open(ROOT / "tests" / "toy")
    with pytest.raises(RecipeError, match="lacks population_density"):
        seen(toy, Recipe(kinds=Kinds(last=2019)))


def test_a_dataset_of_other_years_is_left_as_it_is_unless_somebody_chooses():
    old = replace(EXAMPLE, values=EXAMPLE.values.assign(year=EXAMPLE.values["year"] - 100))
    assert columns(old, Kinds()).empty
    assert list(columns(old, replace_years(1920, 1921))) == list(COLUMNS)
    with pytest.raises(RecipeError, match="it has 1920, 1921"):
        columns(old, YEAR)


def test_the_columns_are_there_for_filters_and_have_words(kreise):
    looked = seen(kreise, Recipe())
    assert set(COLUMNS) <= set(looked.regions) & set(looked.attributes)
    assert seen(looked, Recipe()) is looked
    assert "kind_of_place" not in kreise.regions
    for column in COLUMNS:
        known = looked.attributes[column].values
        assert set(looked.regions[column].dropna()) <= set(known)
        assert all(text.de and text.en for text in known.values())


def test_the_same_filter_keeps_other_regions_under_other_bounds(kreise):
    def kept(**given):
        recipe = Recipe(filter={"kind_population": ["shrinking"]}, kinds=Kinds(**given))
        chosen = score(kreise, recipe).selected
        return set(chosen.index[chosen])

    usual, strict = kept(), kept(population_bounds=(-0.5, 0.25))
    assert strict < usual
    assert usual == set(
        kreise.regions.index[kinds(kreise, Kinds())["kind_population"] == "shrinking"]
    )


def test_kinds_that_no_filter_uses_change_no_score(kreise):
    other = Recipe(kinds=Kinds(first=2015))
    pd.testing.assert_series_equal(score(kreise, other).index, score(kreise, Recipe()).index)


def test_moving_a_bound_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("layers.seen._KEPT", 3)
    for place in range(5):
        seen(EXAMPLE, Recipe(kinds=YEAR.model_copy(update={"size": (1.0, 2.0 + place)})))
    assert len(EXAMPLE.views) == 3
