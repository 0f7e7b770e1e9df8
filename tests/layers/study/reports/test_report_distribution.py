"""The report on a distribution adds up, explains every column and says what it cannot say."""

from __future__ import annotations

import pytest

from layers import Dataset, score
from layers.paths import data_folder, default_recipe
from layers.study import reports
from layers.study.distribution import distribute
from layers.study.distribution_rule import Rule
from layers.study.reports.distribution import distribution_columns

RULE = Rule(mixture={"population": 1, "score": 1}, cap=2, land=("03", "16"))


@pytest.fixture(scope="module")
def scores():
    kreise = Dataset.open(data_folder() / "kreise")
    return score(kreise, default_recipe(kreise))


@pytest.fixture(scope="module")
def report(scores):
    return reports.report_distribution(scores, [500, 400], RULE, draws=50)


def test_all_tables_hold_the_same_people(report):
    assert list(report.tables) == ["distribution", "lands", "steps", "distances"]
    for name in ("distribution", "lands", "steps"):
        assert report.tables[name]["persons"].sum() == 900
    assert report.tables["lands"]["name"].tolist() == ["Niedersachsen", "Thüringen"]


def test_every_column_is_explained_in_both_languages(report):
    for name in report.tables:
        assert all(one.text.de and one.text.en for one in report.code_book(name))


def test_the_settings_are_enough_to_run_it_again(report):
    assert report.settings["people"] == [500, 400]
    assert Rule.parse(report.settings["rule"]) == RULE
    assert [report.settings[key] for key in ("draws", "draws_used", "seed")] == [50, 50, 1]


def test_the_words_name_rule_bound_and_limits(report):
    said = " ".join(one.en for one in report.words)
    assert "900 people" in said
    assert "population 50%, population times score 50%" in said
    assert "2.00 per 1,000" in said
    assert "no official distribution key" in said


def test_columns_for_a_map_stand_beside_all_regions(scores):
    found = distribute(scores, [100], RULE, draws=0)
    extra = distribution_columns(scores, found)
    assert extra.table.index.equals(scores.index.index)
    assert [one.name for one in extra.columns] == list(extra.table)
    assert extra.table["persons"].sum() == 100
