"""Shapes of input: GeoJSON with and without borders, Esri JSON, Hamburg with the key of its Land,
order not by key, missing numbers, refusals and partial answers.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources import READERS
from layers.sources.formats import Raw
from layers.sources.regionalatlas import parse, request

SAMPLES = FORMATS / "regionalatlas"


def answer(content: object) -> Raw:
    return Raw("answer", json.dumps(content).encode())


def areas(*fields: dict[str, object], kind: str = "attributes") -> Raw:
    return answer({"features": [{kind: field} for field in fields]})


def test_the_request_names_table_level_and_year() -> None:
    asked = request("ai002_1_5", "ai0208", 2023)
    fields = {name: value[0] for name, value in parse_qs(urlsplit(asked.url).query).items()}
    query = json.loads(fields["layer"])["source"]["dataSource"]["query"]
    assert "LEFT OUTER JOIN ai002_1_5 ON" in query
    assert "typ = 3 AND jahr = 2023" in query
    assert fields["outFields"] == "ags,jahr2,ai0208"


@pytest.mark.parametrize("table", ["ai002; DROP TABLE x", "verwaltungsgrenzen_gesamt", "AI002"])
def test_nothing_but_names_gets_into_the_query(table: str) -> None:
    with pytest.raises(SourceError, match="is no table, column or year"):
        request(table, "ai0208", 2023)


@pytest.mark.parametrize("kind", ["attributes", "properties"])
def test_both_forms_of_answers_say_the_same(kind: str) -> None:
    raw = areas(
        {"ags": "03361", "ai0208": 9.3}, {"ags": "02", "ai0208": 18.9},
        {"ags": "01001", "ai0208": None}, kind=kind,
    )  # fmt: skip
    assert parse(raw, "ai0208", 2023).to_dict("list") == {
        "region": ["02000", "03361"], "year": [2023, 2023], "value": [18.9, 9.3], "flag": ["", ""],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (Raw("answer", b"<html>"), "is a web page and no data"),
        (Raw("answer", b"nothing"), "is no JSON"),
        (answer({"error": {"code": 400, "message": "Invalid"}}), "the service refused"),
        (answer({"features": []}), "holds no areas"),
        (answer({"features": [{"attributes": {"ags": "01001"}}, 7]}), "an area has neither"),
        (answer({"features": [{"attributes": [1]}]}), "an area has neither"),
        (
            answer({"exceededTransferLimit": True, "features": [{"attributes": {}}]}),
            "only a part of the areas",
        ),
        (areas({"ags": "01001", "ai0201": 1}), "area 1 lacks 'ai0208'"),
        (areas({"ags": "01001", "ai0208": "1,5"}), "area 01001: '1,5' is no number"),
        (areas({"ags": "01001", "ai0208": 10**400}), "area 01001: 1000+ is no number"),
        (areas({"ags": "01001", "ai0208": math.inf}), "area 01001: inf is no number"),
        (areas({"ags": "1001", "ai0208": 1}), "'1001' is no key of level 'kreis'"),
        (areas({"ags": "01001", "ai0208": 1, "jahr2": 2022}), "is of 2022, asked was 2023"),
        (areas({"ags": "01001", "ai0208": 1}, {"ags": "01001", "ai0208": 1}), "a second time"),
        (areas({"ags": "01001", "ai0208": None}), "no area has a number of 2023"),
    ],
)
def test_what_cannot_be_is_named(raw: Raw, fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        parse(raw, "ai0208", 2023)


def test_the_reader_takes_the_year_from_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "regionalatlas").mkdir()
    content = areas({"ags": "01001", "ai0208": 16.9}).content
    (tmp_path / "regionalatlas" / "ai002_1_5_2023.json").write_bytes(content)
    table = READERS["regionalatlas"](tmp_path, "ai0208", "ai002_1_5_2023")
    assert table[["year", "value"]].to_numpy().tolist() == [[2023, 16.9]]
    with pytest.raises(SourceError, match="'ai002_1_5' is no table with a year"):
        READERS["regionalatlas"](tmp_path, "ai0208", "ai002_1_5")


@with_samples
def test_true_answers_are_read_and_hamburg_is_a_kreis() -> None:
    laender = parse(SAMPLES / "ai002_1_5_typ1_2023_states_f-geojson.json", "ai0208", 2023, "land")
    assert len(laender) == 16
    kreise = parse(SAMPLES / "ai002_1_5_typ3_2023_kreise_f-geojson_cut.json", "ai0208", 2023)
    assert len(kreise) == 20
    assert kreise["region"].tolist() == sorted(kreise["region"])
    assert "02000" in set(kreise["region"])
    drawn = parse(SAMPLES / "ai002_1_5_typ3_2023_kreise_geo_f-geojson_cut.json", "ai0208", 2023)
    assert drawn["region"].tolist() == ["01001", "01004"]
