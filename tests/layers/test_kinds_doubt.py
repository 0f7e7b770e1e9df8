"""What hangs on the choices: every number of the table of variants can be found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import YEAR, made

from layers import Dataset
from layers.kinds import GDP, PARTS, TRENDS, kinds
from layers.kinds_doubt import BREAK, STEP, sensitivity, variants
from layers.population import DENSITY
from layers.recipe import Kinds

KREISE = Dataset.open(Path(__file__).parents[2] / "data" / "kreise")

#: By hand: people, GDP per head and unemployment from 2020 on, each with the same change every
#: year. Nobody knows how many lived in R5 in 2021, nor anything of its economy.
PEOPLE = [[105] * 5, [400] * 5, [300] * 5, [240] * 5, [50] * 5, [120, np.nan, 120, 120, 120]]
GROWTH = [1.1, 1, 0.9, 1.01, 0.99]
FEWER = [-3, 0, -1, 2, 4]
CHOICES = Kinds(
    first=2021, last=2023, size=(100_000, 250_000), economy_bounds=(-0.5, 0.5),
    population_bounds=(-0.25, 0.25), yardstick="none",
)  # fmt: skip


def places(*, fewer=FEWER):
    years, gap = range(5), [np.nan] * 5
    return made(
        **{DENSITY: PEOPLE},
        gdp_per_head=[*([100 * one**year for year in years] for one in GROWTH), gap],
        unemployment_rate=[*([20 - one * year for year in years] for one in fewer), gap],
    )


def series_of(found):
    return [one.value for one in found if one.group == "series"]


def told(found):
    return [(one.group, one.field, one.value) for one in found]


@pytest.fixture(scope="module")
def others():
    return variants(KREISE, Kinds())


@pytest.fixture(scope="module")
def usual():
    return sensitivity(KREISE, Kinds())


@pytest.fixture(scope="module")
def table():
    return kinds(KREISE, Kinds())


def test_every_choice_is_made_otherwise_once():
    """Years without values are left out, and those that lead to years that were tried already."""
    wanted = [
        ("size", "size_low", "90000", {"size": (90_000, 250_000)}),
        ("size", "size_low", "110000", {"size": (110_000, 250_000)}),
        ("size", "size_high", "225000", {"size": (100_000, 225_000)}),
        ("size", "size_high", "275000", {"size": (100_000, 275_000)}),
        ("bounds", "economy_low", "-0.6", {"economy_bounds": (-0.6, 0.5)}),
        ("bounds", "economy_low", "-0.4", {"economy_bounds": (-0.4, 0.5)}),
        ("bounds", "economy_high", "0.4", {"economy_bounds": (-0.5, 0.4)}),
        ("bounds", "economy_high", "0.6", {"economy_bounds": (-0.5, 0.6)}),
        ("bounds", "population_low", "-0.35", {"population_bounds": (-0.35, 0.25)}),
        ("bounds", "population_low", "-0.15", {"population_bounds": (-0.15, 0.25)}),
        ("bounds", "population_high", "0.15", {"population_bounds": (-0.25, 0.15)}),
        ("bounds", "population_high", "0.35", {"population_bounds": (-0.25, 0.35)}),
        ("period", "first", "2019", {"first": 2019}),
        ("period", "first", "2022", {"first": 2022}),
        ("period", "last", "2022", {"last": 2022}),
        ("period", "last", "2024", {"last": 2024}),
        ("trend", "trend", "line", {"trend": "line"}),
        ("series", "economy", "gdp_per_head", {"economy": "gdp_per_head"}),
        ("series", "economy", "unemployment_rate", {"economy": "unemployment_rate"}),
    ]
    found = variants(places(), CHOICES)
    assert told(found) == [one[:3] for one in wanted]
    for one, (group, *_, changes) in zip(found, wanted, strict=True):
        given, meant = (kind.model_dump() for kind in (
            one.choices, CHOICES.model_copy(update=changes)
        ))  # fmt: skip
        if group == "series":
            meant["economy_bounds"] = given["economy_bounds"]
        for part in ("size", "economy_bounds", "population_bounds"):
            assert given.pop(part) == pytest.approx(meant.pop(part)), one
        assert given == meant, one
    assert found[-2].choices.economy_bounds == pytest.approx((-1, 1))
    assert found[-1].choices.economy_bounds == pytest.approx((-1, 2))
    line = variants(places(), CHOICES.model_copy(update={"trend": "line"}))
    assert [(one.value, one.choices.trend) for one in line if one.group == "trend"] == [
        ("ends", "ends")
    ]


def test_bounds_that_would_meet_are_not_tried_and_every_digit_is_told():
    choices = CHOICES.model_copy(update={
        "size": (1_000_000.0, 1_250_000.0), "economy_bounds": (0.1, 0.2),
        "population_bounds": (-12.34567, 0.7),
    })  # fmt: skip
    found = [
        one for one in variants(places(), choices, step=0.1, size_step=0.25)
        if one.group in ("size", "bounds")
    ]  # fmt: skip
    assert [(one.field, one.value) for one in found] == [
        ("size_low", "750000"), ("size_high", "1562500"), ("economy_low", "0"),
        ("economy_high", "0.3"), ("population_low", "-12.44567"), ("population_low", "-12.24567"),
        ("population_high", "0.6"), ("population_high", "0.8"),
    ]  # fmt: skip
    assert found[-1].choices.population_bounds == (-12.34567, 0.8)


def test_every_variant_changes_one_single_choice(others):
    usual = Kinds().model_dump()
    for one in others:
        changed = {key for key, value in one.choices.model_dump().items() if value != usual[key]}
        assert len(changed - {"economy_bounds"} if one.group == "series" else changed) == 1, one


def test_there_are_variants_of_every_choice(others):
    found = set(told(others))
    for part in ("economy", "population"):
        for end, bound in zip(("low", "high"), getattr(Kinds(), f"{part}_bounds"), strict=True):
            for moved in (bound - STEP, bound + STEP):
                assert ("bounds", f"{part}_{end}", f"{moved:g}") in found
    assert {("period", "first", "2012"), ("period", "first", "2013"), ("period", "last", "2019"),
            ("period", "last", "2020"), ("period", "last", "2022")} <= found  # fmt: skip
    assert ("trend", "trend", "line") in found
    assert {value for group, _, value in found if group == "series"} == {
        "gdp_per_head", "disposable_income", "municipal_tax_power", "unemployment_rate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "firsts", "lasts"),
    [
        (2011, 2020, ["2012", "2013"], ["2018", "2019", "2021", "2022"]),
        (2012, 2020, ["2011", "2013", "2014"], ["2018", "2019", "2021", "2022"]),
        (2008, 2009, [], ["2010"]),
        (2008, 2010, ["2009"], ["2009"]),
    ],
)
def test_no_period_crosses_the_census(first, last, firsts, lasts):
    """Between 2004 and 2008 the series of people has no year, and GDP ends in 2021."""
    found = variants(KREISE, Kinds(first=first, last=last))
    assert [one.value for one in found if one.field == "first"] == firsts
    assert [one.value for one in found if one.field == "last"] == lasts


def test_a_period_that_crosses_the_census_anyway_may_begin_and_end_elsewhere():
    assert Kinds().first == BREAK
    found = variants(KREISE, Kinds(first=2009, last=2012))
    periods = {(one.field, one.value) for one in found if one.group == "period"}
    assert periods >= {("first", "2010"), ("first", "2011"), ("last", "2010"), ("last", "2013")}


def test_a_row_counts_who_changes_and_its_column_names_them(usual, table):
    row = usual.variants.query("field == 'population_low' and value == '-0.15'").iloc[0]
    was = table["population_change"].between(-0.25, -0.15, inclusive="right")
    assert row["population"] == row["any"] == was.sum()
    assert (row["size"], row["economy"]) == (0, 0)
    changed = usual.changed[row.name]
    assert list(changed.index[changed]) == list(was.index[was])


def test_another_series_gets_bounds_that_let_as_many_grow_and_shrink(table, others):
    """Up to ties: rates of unemployment are rounded."""
    usual = table["kind_economy"].value_counts()
    for one in others:
        if one.group == "series":
            other = kinds(KREISE, one.choices)["kind_economy"].value_counts()
            assert (other - usual).abs().max() <= 2, one.value


@pytest.mark.parametrize(
    ("economy", "bounds", "counts"),
    [
        ("gdp", (-0.5, 0.5), (2, 1, 2)),
        ("gdp", (-50, 50), (0, 5, 0)),
        ("gdp", (-5, 50), (1, 4, 0)),
        ("gdp", (-50, 5), (0, 4, 1)),
        ("gdp", (-50, -40), (0, 0, 5)),
        ("gdp", (40, 50), (5, 0, 0)),
        ("gdp", (0.5, 0.6), (3, 0, 2)),
        ("unemployment_rate", (-1, 2), (2, 1, 2)),
    ],
)
def test_without_ties_exactly_as_many_grow_and_shrink(economy, bounds, counts):
    """Even if nobody is left in the middle; who reaches a bound exactly is beyond it."""
    choices = CHOICES.model_copy(update={"economy": economy, "economy_bounds": bounds})
    found = [one for one in variants(places(), choices) if one.group == "series"]
    assert len(found) == 2
    for one in ({"choices": choices}, *(one._asdict() for one in found)):
        words = kinds(places(), one["choices"])["kind_economy"].value_counts()
        assert tuple(words.reindex(TRENDS, fill_value=0)) == counts, one


@pytest.mark.parametrize(
    ("fewer", "bounds"),
    [
        ([0, 0, 0, 0, 0], (-0.5, 0.5)),
        ([1, 2, np.nan, np.nan, np.nan], (-0.5, 0.5)),
        ([1, 2, np.nan, np.nan, np.nan], (-50, -5)),
        ([1, 2, np.nan, np.nan, np.nan], (5, 50)),
    ],
)
def test_a_series_in_which_as_many_cannot_grow_and_shrink_is_not_tried(fewer, bounds):
    """Because of ties, or because it knows too few regions."""
    choices = CHOICES.model_copy(update={"economy_bounds": bounds})
    assert series_of(variants(places(fewer=fewer), choices)) == ["gdp_per_head"]


def test_a_series_that_nobody_has_at_both_ends_is_not_tried():
    found = made(
        **{DENSITY: [[100, 100], [100, 100]]}, gdp_per_head=[[1, 1], [1, 1]],
        unemployment_rate=[[5, np.nan], [np.nan, 5]],
    )  # fmt: skip
    assert series_of(variants(found, YEAR)) == ["gdp_per_head"]


def test_from_another_series_gdp_is_a_variant_as_well():
    chosen = Kinds(economy="unemployment_rate", economy_bounds=(-0.1, 0.1))
    series = series_of(variants(KREISE, chosen))
    assert GDP in series
    assert "unemployment_rate" not in series


def test_what_changes_by_hand():
    """R0 is 5,000 people above a bound, R3 10,000 below; R0 and R4 stand elsewhere by another
    series, and the people of R5 are known only if the period begins in another year."""
    found = sensitivity(places(), CHOICES)
    counts = ["size", "economy", "population", "any"]
    assert list(found.variants) == ["group", "field", "value", *counts]
    assert [tuple(row) for row in found.variants.iloc[:, :3].to_numpy()] == told(
        variants(places(), CHOICES)
    )
    some = found.variants[found.variants["any"] > 0].set_index(["field", "value"])[counts]
    assert {key: tuple(row) for key, row in zip(some.index, some.to_numpy(), strict=True)} == {
        ("size_low", "110000"): (1, 0, 0, 1), ("size_high", "225000"): (1, 0, 0, 1),
        ("first", "2019"): (0, 0, 1, 1), ("first", "2022"): (0, 0, 1, 1),
        ("economy", "unemployment_rate"): (0, 2, 0, 2),
    }  # fmt: skip
    assert list(found.changed) == list(range(19))
    assert {row: list(found.changed.index[found.changed[row]]) for row in some_rows(found)} == {
        1: ["R0"], 2: ["R3"], 12: ["R5"], 13: ["R5"], 18: ["R0", "R4"],
    }  # fmt: skip

    regions = found.regions
    assert list(regions.index) == ["R0", "R1", "R2", "R3", "R4", "R5"]
    assert regions["kind_of_place"].tolist() == [
        "medium_growing_stable", "large_stable_stable", "large_shrinking_stable",
        "medium_growing_stable", "small_shrinking_stable", None,
    ]  # fmt: skip
    assert regions["kept"].tolist() == pytest.approx(
        [17 / 19, 1, 1, 18 / 19, 18 / 19, np.nan], nan_ok=True
    )
    yes, no, gap = True, False, pd.NA
    assert {key: list(column) for key, column in regions.filter(like="sure").items()} == {
        "sure": [no, yes, yes, no, no, gap], "sure_but_series": [no, yes, yes, no, yes, gap],
        "sure_size": [no, yes, yes, no, yes, gap], "sure_economy": [no, yes, yes, yes, no, gap],
        "sure_population": [yes, yes, yes, yes, yes, gap],
    }  # fmt: skip
    assert regions["shaken"].tolist() == ["size series", "", "", "size", "series", "period"]
    margins = {
        "size_margin": [5_000, 150_000, 50_000, 10_000, 50_000, 20_000],
        "economy_margin": [9.5, 0.5, 9.5, 0.5, 0.5, np.nan],
        "population_margin": [0.25] * 5 + [np.nan],
    }
    for column, wanted in margins.items():
        assert regions[column].tolist() == pytest.approx(wanted, nan_ok=True), column


def some_rows(found):
    return [row for row in found.changed if found.changed[row].any()]


def test_how_far_bounds_are_moved_is_said_by_whoever_asks():
    found = sensitivity(places(), CHOICES, step=0.2, size_step=0.5).variants
    assert found["value"].tolist()[:6] == ["50000", "150000", "125000", "375000", "-0.7", "-0.3"]


def test_sure_is_who_keeps_its_kind_throughout(usual):
    regions = usual.regions
    assert (regions["sure"] == ~usual.changed.any(axis=1)).all()
    assert (regions["sure"] == (regions["kept"] == 1)).all()
    assert (regions["sure"] == (regions["shaken"] == "")).all()
    assert not (regions["sure"] & ~regions["sure_but_series"]).any()
    every = regions[[f"sure_{part.removeprefix('kind_')}" for part in PARTS]].all(axis=1)
    assert (regions["sure"] == every).all()


def test_the_margin_is_the_way_to_the_next_bound(usual, table):
    for region in ("01001", "09162", "16077"):
        change = table.loc[region, "population_change"]
        expected = min(abs(change - -0.25), abs(change - 0.25))
        assert usual.regions.loc[region, "population_margin"] == pytest.approx(expected)


@settings(max_examples=2)
@given(step=st.integers(1, 40).map(lambda cents: cents / 100))
def test_who_is_farther_from_the_bounds_than_the_step_is_shaken_by_no_bound(step):
    found = sensitivity(KREISE, Kinds(), step=step).regions
    near = found[["economy_margin", "population_margin"]].min(axis=1) <= step + 1e-9
    assert (found["shaken"].str.contains("bounds") <= near).all()


def test_a_region_without_a_kind_is_neither_sure_nor_unsure():
    """Flensburg has no density of 2019."""
    found = sensitivity(KREISE, Kinds(last=2019)).regions
    assert found.loc["01001", ["kept", "sure", "sure_economy"]].isna().all()
    assert found["sure"].notna().sum() == 399
