"""Shapes of input: answers in the form that public clients of the service check for; regions in
several requests, missing values; every other form.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from layers.errors import SourceError
from layers.sources import wegweiser
from layers.sources.formats import Raw

if TYPE_CHECKING:
    from pathlib import Path

REGIONS = [
    {"friendlyUrl": "flensburg", "ags": "01001000", "type": "KREISFREIE_STADT", "id": 1},
    {"friendlyUrl": "dithmarschen-lk", "ags": "01051000", "type": "LANDKREIS", "id": 2},
]
ABOUT = {"friendlyUrl": "kinderarmut", "title": "Kinderarmut", "unit": "%", "source": "BA", "id": 7}


def answer(content: object) -> Raw:
    return Raw("answer.json", json.dumps(content).encode())


def values(**changes: Any) -> dict[str, Any]:
    data = {
        "indicators": [{"regionYearValues": [[25.1, None], [14, 13.5]]}],
        "regions": [{"ars": "010010000000", "title": "Flensburg"}, {"ars": "01051", "title": "D"}],
        "type": "TABLE",
    }
    content = {"years": [2021, 2022], "indicatorsAndTopics": [ABOUT], "data": data}
    return {**content, **changes, "data": {**data, **changes.get("data", {})}}


def test_regions_go_by_their_friendly_names() -> None:
    assert wegweiser.regions_request().url == (
        "https://www.wegweiser-kommune.de/data-api/rest/region/list"
        "?max=10000&types=LANDKREIS&types=KREISFREIE_STADT"
    )
    regions = wegweiser.parse_regions(answer(REGIONS))
    assert regions.to_dict() == {"flensburg": "01001", "dithmarschen-lk": "01051"}


def test_many_regions_need_several_requests() -> None:
    names = [f"kreis-{number}" for number in range(45)]
    asked = wegweiser.values_requests("kinderarmut", names, (2015, 2022))
    assert len(asked) == 3
    assert asked[2].url == (
        "https://www.wegweiser-kommune.de/data-api/rest/statistics/data/"
        "kinderarmut+kreis-40+kreis-41+kreis-42+kreis-43+kreis-44+2015-2022"
    )


def test_values_come_by_region_and_year() -> None:
    found = wegweiser.parse_values(answer(values()), "kinderarmut")
    assert list(found.table.itertuples(index=False, name=None)) == [
        ("01001", 2021, 25.1, ""),
        ("01051", 2021, 14.0, ""),
        ("01051", 2022, 13.5, ""),
    ]
    assert found[1:] == ("Kinderarmut", "%", "BA")


def test_saved_answers_are_put_together(tmp_path: Path) -> None:
    folder = tmp_path / "wegweiser"
    folder.mkdir()
    (folder / "kinderarmut_1.json").write_bytes(answer(values()).content)
    table = wegweiser.read(tmp_path, "kinderarmut")
    assert table["region"].tolist() == ["01001", "01051", "01051"]
    (folder / "kinderarmut_2.json").write_bytes(answer(values()).content)
    with pytest.raises(SourceError, match=r"answers on 'kinderarmut' name a region more than once"):
        wegweiser.read(tmp_path, "kinderarmut")
    with pytest.raises(SourceError, match=r"holds no answer named 'jugendarmut...json'"):
        wegweiser.read(tmp_path, "jugendarmut")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], r"the answer lacks 'years' \(list\)"),
        (values(indicatorsAndTopics=[{**ABOUT, "friendlyUrl": "x"}]), r"is about 'x'; expected is"),
        (values(indicatorsAndTopics=[ABOUT, ABOUT]), r"holds 2 indicators with 1 tables; expected"),
        (values(indicatorsAndTopics=[{"friendlyUrl": "x"}]), r"entry 1 lacks 'title' \(str\)"),
        (values(years=[2021]), r"expected are 2 rows of 1 values, as regions and years"),
        (values(years=[2021, "2022"]), r"or a year is no whole number"),
        (
            values(data={"regions": [{"ars": "01"}, {"ars": "02"}]}),
            r"region 1: '01' is no key",
        ),
        (values(data={"regions": [{"ars": "01001"}] * 2}), r"a region occurs more than once"),
        (
            values(data={"indicators": [{"regionYearValues": [["1,5", 1], [1, 1]]}]}),
            r"'regionYearValues': 01001 in 2021: '1,5' is no number",
        ),
    ],
)
def test_another_form_of_values_is_refused(content: object, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        wegweiser.parse_values(answer(content), "kinderarmut")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, r"expected is a list of regions with friendlyUrl, ags and type"),
        ([{"friendlyUrl": "x"}], r"entry 1 lacks 'ags' \(str\)"),
        ([{**REGIONS[0], "type": "GEMEINDE"}], r"region 1 .* is GEMEINDE '01001000'; expected is"),
        ([REGIONS[0], REGIONS[0]], r"region 2: 'flensburg' or 01001 occurs more than once"),
    ],
)
def test_another_form_of_regions_is_refused(content: object, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        wegweiser.parse_regions(answer(content))


def test_an_export_as_csv_is_refused() -> None:
    with pytest.raises(SourceError, match=r"is no JSON, .* Expected is a JSON answer"):
        wegweiser.parse_values(Raw("kinderarmut.csv", b"Indikator;2021\n"), "kinderarmut")
