"""Whatever happens to an official file on its way, the reader gives a table or one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import SourceError
from layers.sources import bundeswahlleiterin, gv100ad, regionalatlas, zensus_grid
from layers.sources.formats import Raw
from layers.sources.genesis import flat, table_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FLAT = (
    "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;"
    "1_variable_label;1_variable_attribute_code;1_variable_attribute_label;value;value_unit;"
    "value_variable_code;value_variable_label\n"
    "11111;Gebiet;STAG;Stichtag;2024-12-31;KREISE;Kreise;09178;Freising;24;Anzahl;GEM001;Zahl\n"
    "11111;Gebiet;STAG;Stichtag;2024-12-31;KREISE;Kreise;12072;Teltow;-;Anzahl;GEM001;Zahl\n"
)
VIEW = (
    "GENESIS-Tabelle: 11111-0002\nGebietsfläche;;\nFläche (qkm);;\n;;Stichtag\n;;31.12.2020\n"
    "01001;Flensburg;56,73\n01002;Kiel;118,65\n__________\nStand: 03.01.2023\n"
)
KERG = (
    "(c) Die Bundeswahlleiterin;\nBundestagswahl 2025;\n"
    "Nr;Gebiet;gehört zu;Gewählt;SPD;;;;\n;;;;Erststimmen;;Zweitstimmen;;\n"
    ";;;;Endgültig;Vorperiode;Endgültig;Vorperiode;\n001;Flensburg;01;–;9;8;9;8;\n"
)
GRID = (
    "GITTER_ID_1km;x_mp_1km;y_mp_1km;Einwohner\nCRS3035RES1000mN2689000E4337000;4337500;2689500;4\n"
)
GV = "".join(
    f"{start.ljust(122)}{mark.ljust(6)}{'0' * 33}".ljust(220) + "\n"
    for start, mark in (("402025083101001", "41"), ("6020250831010010000000", "61"))
)
ATLAS = '{"features": [{"attributes": {"ags": "01001", "ai0208": 16.9, "jahr2": 2023}}]}'


def read_flat(raw: Raw) -> None:
    file = flat.read_flat(raw)
    flat.long(file, file.rows["variable"].iloc[0])


def read_view(raw: Raw) -> None:
    view = table_view.read_table_view(raw)
    table_view.long(view, view.rows["column"].iloc[0])


def read_election(raw: Raw) -> None:
    election = bundeswahlleiterin.read_election(raw)
    bundeswahlleiterin.long(
        election, election.rows["group"].iloc[0], vote="Erststimmen", level="constituency"
    )


def read_register(raw: Raw) -> None:
    gv100ad.read_register(raw)


def read_atlas(raw: Raw) -> None:
    regionalatlas.parse(raw, "ai0208", 2023)


def outcome(read: Callable[[], object]) -> str:
    """Message of the error that a reader raises; empty if it reads."""
    try:
        read()
    except SourceError as fault:
        return str(fault)
    return ""


damage = st.tuples(
    st.integers(0, 2_000),
    st.integers(0, 40),
    st.sampled_from(
        [b"", b";", b"\n", b"\r", b'"', b"\0", b"\xff", b"\xe2\x80\xa8", b"\x1c", b"1e400", b"-"]
    ),
)


def damaged(text: str, encoding: str, at: int, lost: int, put: bytes) -> Raw:
    content = text.encode(encoding)
    at %= len(content)
    return Raw("file", content[:at] + put + content[at + lost :])


cases = pytest.mark.parametrize(
    ("read", "text", "encoding"),
    [
        (read_flat, FLAT, "utf-8-sig"),
        (read_view, VIEW, "cp1252"),
        (read_election, KERG, "utf-8-sig"),
        (read_register, GV, "utf-8"),
        (read_atlas, ATLAS, "utf-8"),
    ],
)


@cases
def test_the_undamaged_files_are_read(
    read: Callable[[Raw], None], text: str, encoding: str
) -> None:
    assert outcome(lambda: read(Raw("file", text.encode(encoding)))) == ""


@cases
@settings(max_examples=60)
@given(damage=damage)
def test_damage_gives_a_table_or_one_clear_line(
    read: Callable[[Raw], None], text: str, encoding: str, damage: tuple[int, int, bytes]
) -> None:
    said = outcome(lambda: read(damaged(text, encoding, *damage)))
    assert said == "" or (said.startswith("file") and "\n" not in said)


def test_damage_to_a_grid_gives_cells_or_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "grid.csv"
    whole = GRID.encode()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at])
        said = outcome(lambda: zensus_grid.read_grid(path, "Einwohner"))
        assert said == "" or (said.startswith(str(path)) and "\n" not in said)
