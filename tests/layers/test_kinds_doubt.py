"""What hangs on the choices: every number of the table of variants can be found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import Dataset
from layers.kinds import GDP, PARTS, kinds
from layers.kinds_doubt import BREAK, STEP, sensitivity, variants
from layers.recipe import Kinds

KREISE = Dataset.open(Path(__file__).parents[2] / "data" / "kreise")
USUAL = variants(KREISE, Kinds())


@pytest.fixture(scope="module")
def usual():
    return sensitivity(KREISE, Kinds())


@pytest.fixture(scope="module")
def table():
    return kinds(KREISE, Kinds())


def test_every_variant_changes_one_single_choice():
    usual = Kinds().model_dump()
    for one in USUAL:
        changed = {key for key, value in one.choices.model_dump().items() if value != usual[key]}
        assert len(changed - {"economy_bounds"} if one.group == "series" else changed) == 1, one


def test_there_are_variants_of_every_choice():
    found = {(one.group, one.field, one.value) for one in USUAL}
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


def test_no_period_crosses_the_census():
    firsts = [one.choices.first for one in USUAL]
    assert min(firsts) == BREAK == Kinds().first
    earlier = Kinds(first=2009)
    assert min(one.choices.first for one in variants(KREISE, earlier)) < 2009


def test_a_row_counts_who_changes_and_its_column_names_them(usual, table):
    row = usual.variants.query("field == 'population_low' and value == '-0.15'").iloc[0]
    was = table["population_change"].between(-0.25, -0.15, inclusive="right")
    assert row["population"] == row["any"] == was.sum()
    assert (row["size"], row["economy"]) == (0, 0)
    changed = usual.changed[row.name]
    assert list(changed.index[changed]) == list(was.index[was])


def test_another_series_gets_bounds_that_let_as_many_grow_and_shrink(table):
    """Up to ties: rates of unemployment are rounded."""
    usual = table["kind_economy"].value_counts()
    for one in USUAL:
        if one.group == "series":
            other = kinds(KREISE, one.choices)["kind_economy"].value_counts()
            assert (other - usual).abs().max() <= 2, one.value


def test_from_another_series_gdp_is_a_variant_as_well():
    chosen = Kinds(economy="unemployment_rate", economy_bounds=(-0.1, 0.1))
    series = [one.value for one in variants(KREISE, chosen) if one.group == "series"]
    assert GDP in series
    assert "unemployment_rate" not in series


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
