"""What the report on kinds of place says of its series."""

from __future__ import annotations

from layers import Dataset, Recipe, score
from layers.kinds import ECONOMIES, trends
from layers.paths import data_folder
from layers.recipe import Kinds
from layers.study.reports.kinds import report_kinds


def test_a_series_where_less_is_better_is_told_as_it_went():
    kreise = Dataset.open(data_folder() / "kreise")
    choices = Kinds(economy="unemployment_rate", economy_bounds=ECONOMIES["unemployment_rate"])
    report = report_kinds(score(kreise, Recipe(kinds=choices)))
    fell = -trends(kreise, choices)[0].whole
    assert fell < 0
    first, second = (one.en for one in report.words[:2])
    assert f"altogether {fell:.2f} percentage points a year" in first.replace("−", "-")
    assert "falling means growing" in second
