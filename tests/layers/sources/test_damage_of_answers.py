"""Whatever happens to an answer or an exported table, its reader gives values or one clear line."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import SourceError
from layers.sources import deutschlandatlas, eurostat, wegweiser
from layers.sources.formats import Raw
from layers.sources.inkar import web_export, wizard

if TYPE_CHECKING:
    from collections.abc import Callable

EXPORT = (
    "Kennziffer;Raumeinheit;Aggregat;Wahlbeteiligung;Wahlbeteiligung\n;;;2013;2017\n"
    '"01001";"Flensburg, Stadt";"krsfr. Stadt";"65,8";"70,3"\n'
)
ATLAS = "Titel\n\nKRS1222;Kreisname;alq;miete\n1001000;Flensburg;7,88;bis unter 5,50\n"
DATASET = {
    "version": "2.0", "class": "dataset", "id": ["geo", "time"], "size": [1, 2],
    "dimension": {
        "geo": {"category": {"index": ["DEF01"]}},
        "time": {"category": {"index": {"2021": 1, "2020": 0}}},
    },
    "value": {"0": 43.47, "1": 43.26}, "status": {"1": "p"},
}  # fmt: skip
COUNTED = {
    "years": [2021],
    "indicatorsAndTopics": [{"friendlyUrl": "armut", "title": "A", "unit": "%", "source": "BA"}],
    "data": {"indicators": [{"regionYearValues": [[25.1]]}], "regions": [{"ars": "01001"}]},
}
REGIONS = [{"friendlyUrl": "flensburg", "ags": "01001000", "type": "KREISFREIE_STADT"}]
ENTRY = {"Schlüssel": "01001", "Raumbezug": "KRE", "ZeitID": "2021", "ID": "7", "Wert": 1.5}
OFFER = wizard.Offer("Quote", "7", "7", "KRE", "2021")


def calm(read: Callable[[Raw], object], raw: Raw) -> None:
    """Read, and let pass nothing but the one kind of error that is meant for people."""
    with suppress(SourceError):
        read(raw)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (web_export.read_export, EXPORT),
        (lambda raw: deutschlandatlas.values(raw, "alq", vintage="KRS1222", year=2022), ATLAS),
        (lambda raw: deutschlandatlas.classes(raw, "miete", vintage="KRS1222"), ATLAS),
    ],
    ids=["export", "values", "classes"],
)
@given(
    at=st.integers(0, 200),
    lost=st.integers(0, 20),
    put=st.sampled_from([b"", b";", b"\n", b"\n\n", b'"', b"\0", b"\xff", b"1e400", b",", b"."]),
)
@settings(max_examples=60)
def test_damaged_tables(read, text: str, at: int, lost: int, put: bytes) -> None:
    content = text.encode()
    calm(read, Raw("table.csv", content[:at] + put + content[at + lost :]))


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the ways to all parts of parsed JSON."""
    if isinstance(content, dict):
        parts = list(content.items())
    else:
        parts = list(enumerate(content)) if isinstance(content, list) else []
    return [path, *(way for key, part in parts for way in places(part, (*path, key)))]


def replaced(content: Any, path: tuple[Any, ...], new: object) -> Any:
    if not path:
        return new
    copy = content.copy()
    copy[path[0]] = replaced(content[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (lambda raw: eurostat.join(raw, pd.Series({"DEF01": "01001"})), DATASET),
        (lambda raw: wegweiser.parse_values(raw, "armut"), COUNTED),
        (wegweiser.parse_regions, REGIONS),
        (lambda raw: wizard.parse_values(raw, [OFFER]), {"Daten": [ENTRY]}),
        (wizard.parse_offers, {"Möglich": [ENTRY]}),
    ],
    ids=["eurostat", "wegweiser", "regions", "inkar", "offers"],
)
def test_answers_with_a_part_of_another_kind(read, content: Any) -> None:
    others = [None, [], {}, "x", -1, 1.5, True, ["x"], {"a": 1}, [[]], float("nan"), 10**400]
    for path in places(content):
        for other in others:
            text = json.dumps(replaced(content, path, other))
            calm(read, Raw("answer.json", text.encode()))
            calm(read, Raw("answer.json", json.dumps(text).encode()))  # as INKAR wraps it
