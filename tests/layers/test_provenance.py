"""What must be true of provenance: nobody's work goes unnamed, and every run can be repeated."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import parse_qsl

import pandas as pd
import pytest

from layers import Dataset, Recipe, score
from layers.provenance import provenance
from layers.query import from_query
from layers.robust import robust_scores

TOY = Path(__file__).parents[1] / "toy"
SOURCE = """
[{key}]
title = "{key}"
publisher = "Publisher of {key}"
licence = "not-stated"
attribution = "Line of {key}"
licence_note = {{ de = "Bei {key} fragen", en = "Ask {key}" }}
"""


@pytest.fixture
def folder(tmp_path):
    """Return the toy with a source for stones, one for a row of wells and one for the borders."""
    copy = Path(shutil.copytree(TOY, tmp_path / "toy"))
    with (copy / "sources.toml").open("a") as file:
        file.writelines(SOURCE.format(key=key) for key in ("geology", "plumbers", "surveyors"))
    soil = copy / "catalogue" / "11_soil.toml"
    head, tail = soil.read_text().rsplit("invented", 1)
    soil.write_text(head + "geology" + tail)
    lines = (copy / "values.csv").read_text().splitlines()
    table = [line + ",source" if line.startswith("region") else line + "," for line in lines[1:]]
    table = [line + "plumbers" if line.startswith("A1,wells,2021") else line for line in table]
    (copy / "values.csv").write_text("\n".join(table))
    return copy


def test_sources_are_those_of_the_scored_values_and_of_the_regions(folder):
    about = provenance(score(Dataset.open(folder), Recipe()))
    assert list(about.sources) == ["invented", "geology", "plumbers", "surveyors"]


def test_a_source_whose_indicator_has_no_weight_is_not_claimed(folder):
    recipe = Recipe.parse({"weights": {"indicator:stones": 0}})
    scores = score(Dataset.open(folder), recipe)
    assert "geology" not in provenance(scores).sources
    assert "geology" in provenance(scores, every=True).sources
    assert "stones" not in [one.id for one in provenance(scores).indicators]


def test_an_earlier_year_drops_the_source_of_the_later_one(folder):
    about = provenance(score(Dataset.open(folder), Recipe.parse({"year": 2020})))
    wells = {one.id: one for one in about.indicators}["wells"]
    assert (wells.year, wells.sources, wells.values, wells.gaps) == (2019, ("invented",), 2, 2)
    assert "plumbers" not in about.sources


def test_indicators_are_summed_up_over_the_regions_kept(folder):
    about = provenance(score(Dataset.open(folder), Recipe()))
    wells = {one.id: one for one in about.indicators}["wells"]
    assert (wells.values, wells.gaps, wells.flags) == (3, 1, {"withheld": 1})
    assert wells.sources == ("invented", "plumbers")


def test_the_recipe_inside_gives_the_same_numbers_again(folder):
    dataset = Dataset.open(folder)
    recipe = Recipe.parse({"weights": {"layer:people": 0.1}, "normalise": {"method": "rank"}})
    scores = score(dataset, recipe)
    about = provenance(scores)
    (folder / "again.toml").write_text(about.to_dict()["recipe"])
    for again in (
        Recipe.load(folder / "again.toml"),
        from_query(dict(parse_qsl(about.query)), columns=dataset.regions),
    ):
        assert again.dataset == "toy@1"
        pd.testing.assert_series_equal(score(dataset, again).index, scores.index, check_exact=True)


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", ["Line of geology", "zu klären", "Bei geology fragen", "bestätigt", "Startwert 7"]),
     ("en", ["Line of geology", "to be confirmed", "Ask geology", "confirmed", "seed 7"])],
)  # fmt: skip
def test_lines_name_attribution_licence_and_draws(folder, language, words):
    scores = score(Dataset.open(folder), Recipe())
    text = "\n".join(provenance(scores, robust_scores(scores, draws=9, seed=7)).lines(language))
    assert all(word in text for word in words)
    assert "{" not in text.replace("per m²", "")


def test_without_bands_the_lines_say_that_certainty_is_unknown(folder):
    lines = provenance(score(Dataset.open(folder), Recipe())).lines("en")
    assert any("does not say how sure" in line for line in lines)


def test_no_line_breaks_out_of_its_line(folder):
    recipe = Recipe.parse({"name": "a\nregion,score\r\nB2,100", "dataset": "other@\n9"})
    for line in provenance(score(Dataset.open(folder), recipe)).lines("de"):
        assert "\n" not in line
        assert "\r" not in line


def test_values_are_fit_for_json(folder):
    scores = score(Dataset.open(folder), Recipe())
    content = provenance(scores, robust_scores(scores, draws=5, spread=0.5)).to_dict("de")
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content["bands"] == {"draws": 5, "seed": 1, "spread": 0.5}


def test_flagged_values_can_be_found_again_region_by_region(folder):
    about = provenance(score(Dataset.open(folder), Recipe()))
    flagged = {one["id"]: one["flagged"] for one in about.to_dict()["indicators"]}
    assert flagged["wells"] == {"withheld": ["D4"]}
    assert flagged["fertility"] == {"calculated": ["D4"]}
    assert flagged["quarrels"] == {}
    assert any("withheld 1 (D4)" in line for line in about.lines("en"))


def test_a_flag_that_all_values_carry_needs_no_list(folder):
    table = (folder / "values.csv").read_text().splitlines()
    lines = [line.replace(",,", ",calculated,") if ",quarrels," in line else line for line in table]
    (folder / "values.csv").write_text("\n".join(lines))
    about = provenance(score(Dataset.open(folder), Recipe()))
    found = {one.id: one for one in about.indicators}["quarrels"]
    assert (found.flags, found.flagged) == ({"calculated": 4}, {"calculated": ["*"]})
    assert any(line.endswith("gaps: 0; calculated 4") for line in about.lines("en"))


def test_lines_name_provider_licence_link_and_the_way_to_the_data(folder):
    # dl-de/by-2-0 asks for the provider, the licence with its address, the address of the data
    # and a note of changes.
    path = folder / "sources.toml"
    path.write_text(
        path.read_text().replace(
            "[geology]\n",
            '[geology]\nurl = "https://example.org/data"\nedition = "2020"\n'
            'licence_url = "https://www.govdata.de/dl-de/by-2-0"\nchanges = "Cut down"\n',
        )
    )
    lines = provenance(score(Dataset.open(folder), Recipe())).lines("en")
    at = next(i for i, line in enumerate(lines) if line.startswith("* geology: Line of geology"))
    assert "https://www.govdata.de/dl-de/by-2-0" in lines[at]
    wanted = "Provided by Publisher of geology: geology, 2020, https://example.org/data"
    assert lines[at + 1 : at + 3] == [wanted, "Changed: Cut down"]
