"""Shapes of input: three sizes of cells, CSV and zip, UTF-8 with and without BOM and the encoding
of Windows, en dashes, further columns, identifier and centre that disagree, lines cut off. Written
in the publisher's format, since no true file is at hand; the people are those of the grid of 2011.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from layers.errors import SourceError
from layers.sources import zensus_grid
from layers.sources.zensus_grid import blocks, read_grid

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
GRID_2011 = SHARED / "geo" / "zensus2011_grid_1km" / "continuous_Einwohner.parquet"

CELLS = [(4_337_500, 2_689_500, "4"), (4_338_500, 2_689_500, "–"), (4_337_500, 2_690_500, "12,5")]


def written(
    cells: list[tuple[int, int, str]] = CELLS, size: str = "1km", encoding: str = "utf-8"
) -> bytes:
    metres = {"100m": 100, "1km": 1_000, "10km": 10_000}[size]
    lines = [f"GITTER_ID_{size};x_mp_{size};y_mp_{size};Einwohner;werterlaeuternde_Zeichen"]
    for x, y, value in cells:
        edge = f"N{y - metres // 2}E{x - metres // 2}"
        lines.append(f"CRS3035RES{metres}m{edge};{x};{y};{value};")
    return ("\n".join(lines) + "\n").encode(encoding)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "Zensus2022_Bevoelkerungszahl_1km-Gitter.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_cells_with_a_number_are_read_and_the_others_counted(file: Path, encoding: str) -> None:
    file.write_bytes(written(encoding=encoding))
    cells = read_grid(file, "Einwohner")
    assert cells.table.to_dict("list") == {
        "x": [4_337_500.0, 4_337_500.0], "y": [2_689_500.0, 2_690_500.0], "value": [4.0, 12.5],
    }  # fmt: skip
    assert (cells.size, cells.missing) == (1_000, 1)


def test_the_size_picks_the_member_of_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "Zensus2022_Bevoelkerungszahl.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Zensus2022_B_1km-Gitter.csv", written())
        archive.writestr(
            "Zensus2022_B_100m-Gitter.csv", written([(4_337_550, 2_689_550, "3")], "100m")
        )
        archive.writestr("Hinweise.pdf", b"")
    assert len(read_grid(path, "Einwohner").table) == 2
    assert read_grid(path, "Einwohner", "100m").table["x"].tolist() == [4_337_550.0]
    with pytest.raises(SourceError, match=r"expected is one '\.\.\._10km-Gitter\.csv', found 0"):
        read_grid(path, "Einwohner", "10km")


def test_a_large_grid_comes_in_blocks(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zensus_grid, "_BLOCK", 2_000)
    monkeypatch.setattr(zensus_grid, "_BEGINNING", 500)
    cells = [(4_000_500 + 1_000 * n, 2_700_500, str(n)) for n in range(200)]
    file.write_bytes(written(cells))
    parts = list(blocks(file, "Einwohner"))
    assert len(parts) > 2
    whole = pd.concat(parts, ignore_index=True)
    assert whole["value"].tolist() == [float(n) for n in range(200)]
    # Lines are counted through all blocks.
    broken = written(cells).replace(b";150;", b";viele;")
    file.write_bytes(broken)
    with pytest.raises(SourceError, match="line 152, column 'Einwohner': 'viele' is no number"):
        list(blocks(file, "Einwohner"))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b";4337500;2689500;4", b";4337600;2689500;4", r"line 2.*no cell of 1000 m with the cen"),
        (b"N2689000E4337000", b"N2689000E4338000", r"line 2, column 'GITTER_ID_1km'"),
        (b"RES1000m", b"RES100m", r"line 2, column 'GITTER_ID_1km'"),
        (b";12,5;", b";12.5;", r"line 4, column 'Einwohner': '12\.5' is no number"),
        (b";12,5;", b";;", r"line 4, column 'Einwohner': '' is no number"),
        (b";12,5;\n", b";12,5", r"is not as expected behind line"),
        (b"x_mp_1km", b"x", r"line 1: the header must begin GITTER_ID_1km;x_mp_1km"),
        (b"Einwohner", b"Personen", r"there is no column 'Einwohner'; it has Personen, wert"),
        (b";12,5;", b";12\xc3;", r"is not as expected|is no number"),
    ],
)
def test_what_cannot_be_is_named(file: Path, old: bytes, new: bytes, fault: str) -> None:
    file.write_bytes(written().replace(old, new))
    with pytest.raises(SourceError, match=fault):
        read_grid(file, "Einwohner")


def test_a_cell_must_not_occur_twice(file: Path) -> None:
    file.write_bytes(written([*CELLS, CELLS[0]]))
    with pytest.raises(SourceError, match="centre 4337500, 2689500 occurs twice"):
        read_grid(file, "Einwohner")


def test_missing_files_and_unknown_sizes_are_named(tmp_path: Path, file: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.zip: this file is missing"):
        read_grid(tmp_path / "none.zip", "Einwohner")
    file.write_bytes(written())
    with pytest.raises(SourceError, match="'5km' are unknown; the census has 100m, 1km, 10km"):
        read_grid(file, "Einwohner", "5km")  # type: ignore[arg-type]


@pytest.mark.skipif(not GRID_2011.is_file(), reason="the publishers' files are not here")
def test_true_cells_of_2011_written_in_the_format_of_2022_come_back(file: Path) -> None:
    before = pd.read_parquet(GRID_2011).head(3_000)[["x", "y", "Einwohner"]]
    cells = [
        (int(x), int(y), "–" if people < 0 else str(int(people)))
        for x, y, people in before.itertuples(index=False, name=None)
    ]
    file.write_bytes(written(cells))
    found = read_grid(file, "Einwohner")
    there = before[before["Einwohner"] >= 0]
    assert found.table["value"].tolist() == there["Einwohner"].astype("float64").tolist()
    assert found.table[["x", "y"]].to_numpy().tolist() == there[["x", "y"]].to_numpy().tolist()
