"""The report on two years explains every column and adds up."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from layers import Recipe, score
from layers.study import reports
from layers.study.years import year_change

RECIPE = Recipe.parse({"normalise": {"constant": "drop"}, "aggregate": {"min_coverage": 0.0}})


@pytest.fixture(scope="module")
def report(toy):
    later = toy.values.assign(year=toy.values["year"] + 1, value=toy.values["value"] * 1.5)
    values = pd.concat([toy.values, later]).drop_duplicates(["region", "indicator", "year"])
    both = dataclasses.replace(toy, values=values)
    years = sorted(both.values["year"].unique())
    found = year_change(both, RECIPE, int(years[-2]), int(years[-1]), max_age=3)
    return reports.report_years(score(both, RECIPE), found, {"base": "pooled"})


def test_every_column_is_explained_in_both_languages(report):
    for name in report.tables:
        for column in report.code_book(name):
            assert column.text.de
            assert column.text.en


def test_the_answer_comes_first_and_names_its_settings(report):
    assert next(iter(report.tables)) == "comparison"
    assert {"base", "years", "share"} <= set(report.settings)
    assert report.tables["panel"]["year"].nunique() == len(report.settings["years"])
    assert all(one.de and one.en for one in report.words)
