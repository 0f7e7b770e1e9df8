"""Shapes of input: recorded answers cut to three Kreise; answers of another form, to another
question, with wrong keys or numbers, with a unit that has changed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from layers.errors import SourceError
from layers.sources.formats import Raw
from layers.sources.inkar.wizard import (
    Offer,
    offers_request,
    parse_offers,
    parse_values,
    read,
    values_request,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

GDP = "Bruttoinlandsprodukt (BIP) absolut in Millionen Euro"
OFFER = Offer(GDP, "11", "11", "KRE", "2021")
PLAIN = OFFER._replace(title="Arbeitslosenquote in %")
OFFERED = {
    "Indikator": GDP, "Raum": "Kreise", "Zeit": "2021", "IndID": "11", "Gruppe": "11",
    "RaumID": "KRE", "ZeitID": "2021", "Art": "1",
}  # fmt: skip
#: Flensburg, Kiel and München as the interface sent them.
VALUES = {"01001": 3992237, "01002": 12468565, "09162": 134_000_000}


def answer(content: object) -> Raw:
    return Raw("answer", json.dumps(json.dumps(content, ensure_ascii=False)).encode())


def data(values: dict[str, object], **changes: object) -> Raw:
    entry = {"Raumbezug": "KRE", "ZeitID": "2021", "Indikator": "11", "ID": "11"}
    rows = [{"Schlüssel": key, "Wert": value, **entry, **changes} for key, value in values.items()]
    return answer({"Daten": rows})


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


def test_the_years_are_asked_for_as_the_web_site_does() -> None:
    request = offers_request("11")
    assert (request.method, request.url) == (
        "POST", "https://www.inkar.de/Wizard/GetM%C3%B6glich",
    )  # fmt: skip
    assert json.loads(request.body) == {
        "IndicatorCollection": [{"Gruppe": "11"}],
        "TimeCollection": "",
        "SpaceCollection": [{"level": "KRE"}],
    }


def test_values_are_asked_for_with_what_was_offered() -> None:
    request = values_request(parse_offers(answer({"Möglich": [OFFERED]})))
    assert request.url == "https://www.inkar.de/Table/GetDataTable"
    assert json.loads(request.body) == {
        "IndicatorCollection": [{"Gruppe": "11"}],
        "TimeCollection": [{"group": "11", "indicator": "11", "level": "KRE", "time": "2021"}],
        "SpaceCollection": [{"level": "KRE"}],
        "pageorder": "1",
    }


@pytest.mark.parametrize("offers", [[], [OFFER, OFFER._replace(group="12")]])
def test_one_indicator_is_asked_for_at_a_time(offers: list[Offer]) -> None:
    with pytest.raises(ValueError, match=r"one indicator and one level at a time"):
        values_request(offers)


def test_offers_are_read_from_the_text_within_the_text() -> None:
    assert parse_offers(answer({"Möglich": [OFFERED]})) == (OFFER,)


def test_values_in_thousands_become_the_millions_of_the_title() -> None:
    table = parse_values(data(VALUES), [OFFER])
    assert rows(table) == [
        ("01001", 2021, 3992237 * 0.001, ""),
        ("01002", 2021, 12468565 * 0.001, ""),
        ("09162", 2021, 134_000_000 * 0.001, ""),
    ]


def test_a_changed_unit_is_noticed() -> None:
    right = {key: value / 1000 for key, value in VALUES.items()}
    with pytest.raises(SourceError, match=r"134 after conversion, .* interface has changed"):
        parse_values(data(right), [OFFER])


def test_other_indicators_are_taken_as_they_are_and_gaps_left_out() -> None:
    table = parse_values(data({"01002": 7.5, "01001": None}), [PLAIN])
    assert rows(table) == [("01002", 2021, 7.5, "")]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (data({"1001": 1}), r"column 'Schlüssel': entry 1: '1001' is no key of a Kreis"),
        (data({"01001": "1,5"}), r"column 'Wert': entry 1: '1,5' is no number"),
        (data({"01001": 1}, ZeitID="2020"), r"entry 1 is level, .* KRE, 2020, 11, which was not"),
        (data({"01001": 1}, Raumbezug="GEM"), r"entry 1 is level, .* GEM, 2021, 11, which was"),
        (answer({"Daten": [{"Schlüssel": "01001"}]}), r"entry 1 lacks Raumbezug, ZeitID, ID, Wert"),
        (answer({"Fehler": "x"}), r"expected is JSON text that holds JSON with the list 'Daten'"),
        (Raw("answer", b'{"Daten": []}'), r"expected is JSON text that holds JSON"),
        (Raw("answer", b'"{"'), r"line 1: is no JSON, or was cut off"),
        (Raw("answer", b"<html><body>502"), r"is a web page and no data"),
    ],
)
def test_an_answer_of_another_form_is_refused(raw: Raw, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        parse_values(raw, [PLAIN])


def test_a_kreis_that_comes_twice_is_refused() -> None:
    entry = {"Schlüssel": "01001", "Raumbezug": "KRE", "ZeitID": "2021", "ID": "11", "Wert": 1}
    with pytest.raises(SourceError, match=r"01001 in 2021 occurs more than once"):
        parse_values(answer({"Daten": [entry, entry]}), [PLAIN])


def test_saved_answers_are_read_for_the_years_that_were_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "inkar" / "wizard"
    folder.mkdir(parents=True)
    offers = [{**OFFERED, "ZeitID": year} for year in ("2020", "2021")]
    (folder / "11_offers.json").write_bytes(answer({"Möglich": offers}).content)
    (folder / "11_values.json").write_bytes(data(VALUES).content)
    table = read(tmp_path, "11", "2021-2021")
    assert table["region"].tolist() == ["01001", "01002", "09162"]
    with pytest.raises(SourceError, match=r"KRE, 2021, 11, which was not asked for"):
        read(tmp_path, "11", "2020")
    with pytest.raises(SourceError, match=r"no year that was offered was asked for"):
        read(tmp_path, "11", "1999")
