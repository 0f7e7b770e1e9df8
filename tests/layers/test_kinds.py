"""Kinds of place: worked out by hand, and what must hold for any bounds."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import EXAMPLE, YEAR, made

from layers import Dataset, Recipe, score
from layers.catalogue import Text
from layers.errors import RecipeError
from layers.kinds import (
    COLUMNS,
    ECONOMIES,
    PARTS,
    SIZES,
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
KREISE = Dataset.open(ROOT / "data" / "kreise")
READ = Series(KREISE)


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


def test_the_table_says_what_stands_behind_the_words():
    """The years of a line are all that a series has; people and economy may differ in them."""
    found = made(
        **{DENSITY: [[100, 110, 121, np.nan], [300, 300, 300, np.nan]]},
        unemployment_rate=[[np.nan, 7, 6, 5], [np.nan, 4, 4, 4]],
    )
    table = kinds(found, replace_years(2020, 2023, trend="line", economy="unemployment_rate"))
    assert table.index.tolist() == ["R0", "R1"]
    assert list(table) == [
        "population", "economy_change", "economy_own", "economy_from", "economy_to",
        "population_change", "population_from", "population_to", *COLUMNS,
    ]  # fmt: skip
    assert table[["economy_from", "economy_to"]].to_numpy().tolist() == [[2021, 2023]] * 2
    assert table[["population_from", "population_to"]].to_numpy().tolist() == [[2020, 2022]] * 2
    assert table["population"].tolist() == pytest.approx([121_000, 300_000])
    assert table["population_change"].tolist() == pytest.approx([10, 0])
    assert table["economy_own"].tolist() == pytest.approx([1, 0])
    # Where nobody has counted yet, the people of the nearest year weigh.
    rates = [(7 * 110 + 4 * 300) / 410, (6 * 121 + 4 * 300) / 421, (5 * 121 + 4 * 300) / 421]
    whole = -np.polyfit(range(3), rates, 1)[0]
    assert table["economy_change"].tolist() == pytest.approx([1 - whole, -whole])


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


def test_a_gap_between_both_ends_does_no_harm():
    """Nor does it take a region out of the whole."""
    found = made(
        **{DENSITY: [[100, np.nan, 121], [100, 100, 100]]}, gdp_per_head=[[1, 1, 1], [1, 1, 1]]
    )
    _, people = trends(found, replace_years(2020, 2022))
    assert people.years == (2020, 2022)
    assert people.change.tolist() == pytest.approx([10, 0])
    assert people.whole == pytest.approx(100 * ((221 / 200) ** 0.5 - 1))


def test_a_line_goes_through_the_years_that_a_region_has_if_both_ends_are_among_them():
    rows = [
        [100, 120, np.nan, 140], [100, 90, 95, 80], [np.nan, 1, 2, 3], [1, 2, 3, np.nan],
    ]  # fmt: skip
    found = made(**{DENSITY: rows}, gdp_per_head=[[1] * 4] * 4)
    _, people = trends(found, replace_years(2020, 2023, trend="line"))
    slopes = [
        np.polyfit(years, np.log([row[year] for year in years]), 1)[0]
        for row, years in ((rows[0], [0, 1, 3]), (rows[1], [0, 1, 2, 3]))
    ]
    assert people.change.tolist() == pytest.approx(
        [*(100 * np.expm1(slopes)), np.nan, np.nan], nan_ok=True
    )
    assert people.years == (2020, 2021, 2022, 2023)


def test_from_nothing_no_percentage_leads_to_something():
    """Less than one is a number like any other."""
    found = made(**{DENSITY: [[100, 100]] * 3}, gdp_per_head=[[0, 5], [5, 0], [0.5, 0.55]])
    economy, _ = trends(found, YEAR.model_copy(update={"economy": "gdp_per_head"}))
    assert economy.own.tolist() == pytest.approx([np.nan, np.nan, 10], nan_ok=True)


def test_a_share_changes_in_points_and_less_unemployment_is_growth():
    found = made(**{DENSITY: [[100, 100], [300, 300]]}, unemployment_rate=[[8, 5], [4, 4]])
    choices = YEAR.model_copy(update={"economy": "unemployment_rate"})
    economy, _ = trends(found, choices)
    assert economy.points
    assert economy.own.tolist() == pytest.approx([3, 0])
    # Weighted by people: (8 + 3 x 4) / 4 = 5, then (5 + 3 x 4) / 4 = 4.25.
    assert economy.whole == pytest.approx(0.75)
    assert kinds(found, choices)["kind_economy"].tolist() == ["growing", "stable"]


def test_the_whole_are_the_same_regions_in_every_year():
    """Whoever lacks a rate or people in one year counts in no year."""
    found = made(
        **{DENSITY: [[100, 100], [300, 300], [600, 600], [900, np.nan]]},
        unemployment_rate=[[8, 5], [4, 4], [9, np.nan], [1, 1]],
    )
    economy, _ = trends(found, YEAR.model_copy(update={"economy": "unemployment_rate"}))
    assert economy.whole == pytest.approx(5 - 4.25)


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


def test_without_one_of_the_three_parts_there_is_no_kind():
    """The size is that of the official count if there is one, whatever the densities say."""
    found = made(
        **{DENSITY: [[100, 100], [100, 100], [np.nan, 100], [100, 100]]},
        gdp_per_head=[[1, 1], [1, np.nan], [1, 1], [1, 1]],
    )
    counted = found.regions.assign(population=["unknown", "300000", "300000", "300000"])
    table = kinds(replace(found, regions=counted), YEAR)
    assert table["kind_size"].tolist() == [None, "large", "large", "large"]
    assert table["kind_economy"].tolist() == ["stable", None, None, "stable"]
    assert table["kind_population"].tolist() == ["stable", "stable", None, "stable"]
    assert table["kind_of_place"].tolist() == [None, None, None, "large_stable_stable"]


def test_every_kind_is_counted_even_if_nobody_is_of_it_and_so_is_who_has_none():
    rows = [
        ("growing", "stable", "small"), ("growing", "stable", "small"),
        ("shrinking", "shrinking", "large"), ("stable", None, "medium"),
    ]  # fmt: skip
    order = ["kind_economy", "kind_population", "kind_size"]
    found = counts(pd.DataFrame(rows, columns=order))
    assert list(found) == [*order, "regions"]
    keys = [tuple(row) for row in found[order].itertuples(index=False)]
    assert keys == [*product(TRENDS, TRENDS, SIZES), ("stable", "", "medium")]
    some = found[found["regions"] > 0]
    assert [tuple(row) for row in some.itertuples(index=False)] == [
        ("shrinking", "shrinking", "large", 1), ("growing", "stable", "small", 2),
        ("stable", "", "medium", 1),
    ]  # fmt: skip
    assert found["regions"].dtype.kind == "i"


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
    ("given", "words"),
    [
        (
            {"economy": "magic"},
            "kinds.economy: there is no series 'magic'; known: gdp, population_density, .*",
        ),
        (
            {"first": 2021, "last": 2030},
            "kinds: 'gdp' needs two years with values between 2021 and 2030; it has 2020, 2021.",
        ),
        (
            {"economy": "unemployment_rate"},
            "kinds: 'unemployment_rate' needs two years .* 2020 and 2021; it has none.",
        ),
        (
            {"economy": "gdp_per_head", "first": 2021, "last": 2022},
            "kinds: 'population_density' needs two years .* 2021 and 2022; it has 2020, 2021.",
        ),
    ],
)
def test_a_refusal_says_what_there_would_be(given, words):
    found = made(
        **{DENSITY: [[100, 110, np.nan], [200, 190, np.nan]]},
        gdp_per_head=[[11, 12, 13], [40, 40, 40]],
    )
    with pytest.raises(RecipeError) as caught:
        kinds(found, YEAR.model_copy(update=given))
    assert re.fullmatch(f"recipe: {words}", str(caught.value))


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
    with pytest.raises(
        RecipeError, match=f"^recipe: kinds: toy@1 lacks {DENSITY} and gdp_per_head; without them"
    ) as caught:
        seen(toy, Recipe(kinds=Kinds(last=2019)))
    assert caught.value.code == "kinds_series"


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


def test_the_words_say_what_was_chosen():
    """With numbers as people write them in either language."""
    choices = Kinds(
        size=(50_000, 1_234_500), first=2012, last=2020, economy_bounds=(-0.5, 1),
        population_bounds=(-0.125, 20),
    )  # fmt: skip
    found = attributes(EXAMPLE, choices)
    assert list(found) == list(COLUMNS)
    size, economy, people, place = (found[column] for column in COLUMNS)
    assert [text.de for text in size.values.values()] == [
        "klein: unter 50.000 Einwohner", "mittel: 50.000 bis unter 1.234.500",
        "groß: 1.234.500 und mehr",
    ]  # fmt: skip
    assert size.values["small"].en == "small: below 50,000 inhabitants"
    assert economy.note.de.startswith(
        "Wirtschaftsleistung (BIP), mittlere jährliche Veränderung von 2012 bis 2020; "
        "Grenzen −0,5 und 1 im Jahr."
    )
    assert economy.note.en.startswith(
        "Economic output (GDP), mean yearly change from 2012 to 2020; bounds −0.5 and 1 a year."
    )
    assert "Grenzen −0,125 und 20 % im Jahr" in people.note.de
    assert "from 2012 to 2020" in place.note.en
    assert place.values["small_growing_shrinking"] == Text(
        de="klein, Wirtschaft stärker, Bevölkerung geschrumpft",
        en="small, economy stronger, population shrinking",
    )
    other = attributes(EXAMPLE, choices.model_copy(update={"economy": "unemployment_rate"}))
    assert other["kind_economy"].note.de.startswith("unemployment_rate, mittlere")


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
