"""Two regions beside newcomers: tables that hold what the study says, every column explained."""

from __future__ import annotations

from layers import Dataset, Recipe, paths, score
from layers.study.reports.report import explain
from layers.study.reports.services import services_tables
from layers.study.strain import measures, standing

PAIR = ("06531", "10041")


def test_both_regions_stand_in_both_tables_with_every_column_explained():
    dataset = Dataset.open(paths.data_folder() / "kreise")
    found = services_tables(score(dataset, Recipe()), PAIR)
    assert list(found) == ["services", "pace"]
    for name, table in found.items():
        assert set(table["region"]) == set(PAIR)
        book = explain(name, map(str, table.columns), dataset.catalogue)
        assert all(one.text.de and one.text.en for one in book)
    own = found["services"].query("region == '06531'")["percentile"].tolist()
    assert own == measures(standing(dataset), "06531")["percentile"].tolist()


def test_a_dataset_without_such_data_adds_no_table(toy):
    drop = Recipe.parse({"normalise": {"constant": "drop"}})
    assert services_tables(score(toy, drop), ["A1"]) == {}
