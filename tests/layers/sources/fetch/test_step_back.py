"""Answers to be covered: numbers at once, newest years without Kreise, nothing but such years, a
table that is not about Kreise; in the flat form that the servers send.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from server import Reply, Seen

from layers.errors import FetchError
from layers.sources import genesis
from layers.sources.fetch.collect import Collector
from layers.sources.fetch.plan import FileSpec, Table
from layers.sources.fetch.snapshot import Snapshot, Store

if TYPE_CHECKING:
    from pathlib import Path

    from server import Replay

    from layers.sources.fetch.http import Client
    from layers.sources.fetch.snapshot import Entry

TABLE = "13111-01-03-4"
NEWEST = 2025
HEADER = (
    "statistics_code;statistics_label;time_code;time_label;time;"
    "1_variable_code;1_variable_label;1_variable_attribute_code;1_variable_attribute_label;"
    "value;value_unit;value_variable_code;value_variable_label;value_q"
)


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPOT_REGIONALSTATISTIK_USER", "somebody")
    monkeypatch.setenv("IPOT_REGIONALSTATISTIK_PASSWORD", "something")


def flat(year: int, *, numbers: bool, level: str = "KREISE") -> Reply:
    """Employees at 30 June: Germany always has a number, its parts a dash until it is delivered."""
    keys = ["01001", "01002"] if level == "KREISE" else ["01", "02"]
    cells = [
        ("DINSG", "DG", "35000000"),
        *((level, key, "40000" if numbers else "-") for key in keys),
    ]
    lines = [
        f"13111;Beschäftigte;STAG;Stichtag;{year}-06-30;{code};Gebiet;{key};Name;{value};Anzahl;"
        "ERW032;Beschäftigte;e"
        for code, key, value in cells
    ]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        name = zipfile.ZipInfo(f"{TABLE}_de_flat.csv")
        archive.writestr(name, "\ufeff" + "\n".join([HEADER, *lines, ""]))
    return Reply(packed.getvalue(), headers={"Content-Type": "application/zip"})


def serve(replay: Replay, delivered: int) -> None:
    """Answer as the server does: the newest year, or the one that is asked for."""

    def reply(seen: Seen) -> Reply:
        year = int(seen.form.get("startyear", NEWEST))
        return flat(year, numbers=year <= delivered)

    replay.answer("data/tablefile", reply)


def order(replay: Replay, client: Client, folder: Path, **options: str) -> Entry:
    spec = FileSpec(
        place=f"genesis/{TABLE}.zip", sources=("employees",), kind="zip",
        genesis=Table(
            site="regionalstatistik", table=TABLE, options=options, base=replay.url("")
        ),
    )  # fmt: skip
    return Collector(client, Store(folder / "home"), {}).collect(spec, folder / "work")


def read(folder: Path, entry: Entry) -> list[tuple[int, float]]:
    raw = folder / "raw"
    raw.mkdir()
    snapshot = Snapshot(taken=entry.retrieved, file=(entry,))
    Store(folder / "home").lay_out(snapshot, raw)
    table = genesis.read(raw, "ERW032", TABLE)
    return list(zip(table["year"], table["value"], strict=True))


def test_numbers_that_are_there_are_taken_at_once(
    replay: Replay, client: Client, tmp_path: Path
) -> None:
    serve(replay, delivered=2025)
    entry = order(replay, client, tmp_path)
    assert entry.skipped == ()
    assert len(replay.asked("data/tablefile")) == 1
    assert read(tmp_path, entry) == [(2025, 40000.0)] * 2


def test_a_newest_year_without_kreise_is_stepped_back_from_and_told(
    replay: Replay, client: Client, tmp_path: Path
) -> None:
    serve(replay, delivered=2023)
    entry = order(replay, client, tmp_path, timeslices="1", regionalvariable="KREISE")
    assert entry.skipped == (2025, 2024)
    assert read(tmp_path, entry) == [(2023, 40000.0)] * 2
    asked = [one.form for one in replay.asked("data/tablefile")]
    assert [form.get("startyear") for form in asked] == [None, "2024", "2023"]
    assert [form.get("timeslices") for form in asked] == ["1", None, None]
    assert {form["regionalvariable"] for form in asked} == {"KREISE"}
    assert "startyear=2023" in entry.body  # the manifest repeats what gave this content


def test_years_of_nothing_end_with_an_error_and_nothing_is_kept(
    replay: Replay, client: Client, tmp_path: Path
) -> None:
    serve(replay, delivered=2010)
    with pytest.raises(FetchError, match=r"13111-01-03-4 .*no number .*2025, 2024, 2023, 2022"):
        order(replay, client, tmp_path)
    assert len(replay.asked("data/tablefile")) == 4
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_a_table_that_is_not_about_kreise_is_taken_as_it_comes(
    replay: Replay, client: Client, tmp_path: Path
) -> None:
    replay.answer("data/tablefile", flat(2025, numbers=False, level="DLAND"))
    assert order(replay, client, tmp_path).skipped == ()
