"""Grid of the census 2022: one CSV per topic and cell size, as the publisher gives it.

::

    GITTER_ID_1km;x_mp_1km;y_mp_1km;Einwohner
    CRS3035RES1000mN2689000E4337000;4337500;2689500;4

The identifier holds the southern and western edge, the next two columns the centre, all in metres
of EPSG:3035. An en dash stands where there is no number or none is given. Numbers are altered a
little to protect people, so that sums differ from tables.

Written from the publisher's description; cells of 1 km, 10 km and 100 m (some 3 million) are read
in blocks, so that memory stays small.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from layers.archive import Limits, files_in, opened
from layers.errors import SourceError
from layers.sources.formats import Where, cells_to_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Cells", "Size", "blocks", "read_grid"]

Size = Literal["100m", "1km", "10km"]
_METRES = {"100m": 100, "1km": 1_000, "10km": 10_000}
_HINT = (
    "Get the grid of the topic (zip) from www.zensus2022.de, such as "
    "Zensus2022_Bevoelkerungszahl.zip."
)
#: En dash, as printed; the hyphen is what some editors make of it.
_MARKS = {"–": "no number or none given"}
#: Largest grid, unpacked; it is never in memory as a whole.
_LIMITS = Limits(total=4_000_000_000, harmless=0)
_BLOCK = 8_000_000  # bytes of text
_BEGINNING = 1_000_000  # bytes by which the encoding is told


@dataclass(frozen=True)
class Cells:
    """Cells with a value.

    Attributes
    ----------
    table : DataFrame
        x, y (centre in metres, EPSG:3035) and value.
    size : int
        Side of a cell in metres.
    missing : int
        Cells without a number, left out.
    """

    table: pd.DataFrame
    size: int
    missing: int


def read_grid(path: Path, column: str, size: Size = "1km") -> Cells:
    """Read one column of a grid, from the CSV file or from the zip of its topic.

    Raises
    ------
    SourceError
        If the file, the column or a cell is not as described; names line and column. Cells that
        occur twice are an error, too.
    """
    parts = list(blocks(path, column, size))
    if not parts:
        what = "holds no cells: the file was cut off."
        raise Where(str(path), _HINT).fault(what)
    table = pd.concat(parts, ignore_index=True)
    twice = table.duplicated(["x", "y"])
    if twice.any():
        row = table[twice].iloc[0]
        what = f"the cell with the centre {row['x']:.0f}, {row['y']:.0f} occurs twice."
        raise Where(str(path), _HINT).fault(what)
    there = table["value"].notna()
    return Cells(table[there].reset_index(drop=True), _METRES[size], int((~there).sum()))


def blocks(path: Path, column: str, size: Size = "1km") -> Iterator[pd.DataFrame]:
    """Yield the cells block by block: x, y, value (NaN where there is no number).

    Raises
    ------
    SourceError
        As `read_grid`.
    """
    import pyarrow as pa
    from pyarrow import csv

    where = Where(str(path), _HINT)
    if size not in _METRES:
        what = f"cells of '{size}' are unknown; the census has {', '.join(get_args(Size))}."
        raise where.fault(what)
    with _opened(path, size, where) as stream:
        beginning = stream.read(_BEGINNING)
        encoding = _encoding(beginning)
        names = _columns(beginning, encoding, column, size, where)
        line = 2
        try:
            reader = csv.open_csv(
                _Rejoined(beginning, stream),
                read_options=csv.ReadOptions(block_size=_BLOCK, encoding=encoding),
                parse_options=csv.ParseOptions(delimiter=";", quote_char=False),
                convert_options=csv.ConvertOptions(
                    include_columns=names, column_types=dict.fromkeys(names, pa.string())
                ),
            )
            for batch in reader:
                frame = batch.to_pandas()
                frame.index = pd.RangeIndex(line, line + len(frame))
                line += len(frame)
                yield _checked(frame, _METRES[size], where)
        except (pa.ArrowInvalid, UnicodeDecodeError) as cause:
            what = f"is not as expected behind line {line - 1} ({cause})."
            raise where.fault(what) from cause


class _Rejoined(io.RawIOBase):
    """A stream whose beginning was read already."""

    def __init__(self, beginning: bytes, rest: IO[bytes]) -> None:
        self._beginning, self._rest = io.BytesIO(beginning), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._beginning.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


@contextmanager
def _opened(path: Path, size: str, where: Where) -> Iterator[IO[bytes]]:
    """Open the CSV, out of its zip where it is in one."""
    if not path.is_file():
        what = "this file is missing."
        raise where.fault(what)
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            yield stream
        return
    with opened(path, where.name, SourceError, _LIMITS) as archive:
        found = [
            item for item in files_in(archive) if item.filename.endswith(f"_{size}-Gitter.csv")
        ]
        if len(found) != 1:
            names = ", ".join(item.filename for item in archive.infolist()[:8])
            what = f"expected is one '..._{size}-Gitter.csv', found {len(found)}; it holds {names}."
            raise where.fault(what)
        with archive.open(found[0]) as stream:
            yield stream


def _encoding(beginning: bytes) -> str:
    """UTF-8 unless the beginning is not: then that of Windows, in which 0x96 is the en dash."""
    try:
        # The last line may be cut within a character.
        beginning.rpartition(b"\n")[0].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _columns(beginning: bytes, encoding: str, column: str, size: str, where: Where) -> list[str]:
    """Names of the four columns to read; the file must be of that cell size and hold `column`."""
    header = beginning.partition(b"\n")[0].rstrip(b"\r").decode(encoding).removeprefix("\ufeff")
    names = header.split(";")
    wanted = [f"GITTER_ID_{size}", f"x_mp_{size}", f"y_mp_{size}"]
    if names[:3] != wanted:
        what = f"the header must begin {';'.join(wanted)}, but begins {header[:60]!r}."
        raise where.fault(what, line=1)
    if column not in names[3:]:
        what = f"there is no column '{column}'; it has {', '.join(names[3:])}."
        raise where.fault(what, line=1)
    return [*wanted, column]


def _checked(frame: pd.DataFrame, metres: int, where: Where) -> pd.DataFrame:
    """Turn a block of text into numbers; identifier and centre must mean the same cell."""
    identifier, x_name, y_name, column = frame.columns
    x, _ = cells_to_numbers(frame[x_name], where, decimal=".")
    y, _ = cells_to_numbers(frame[y_name], where, decimal=".")
    half = metres / 2
    north, east = ((centre - half).astype("int64").astype("str") for centre in (y, x))
    expected = f"CRS3035RES{metres}mN" + north + "E" + east
    agree = (frame[identifier] == expected) & (x % metres == half) & (y % metres == half)
    if not agree.all():
        line = int(frame.index[int(np.argmin(agree.to_numpy()))])
        said = frame.loc[line, identifier]
        what = f"{said!r} is no cell of {metres} m with the centre {x[line]:.0f}, {y[line]:.0f}."
        raise where.fault(what, line=line, column=str(identifier))
    value, _ = cells_to_numbers(frame[column], where, decimal=",", marks=_MARKS)
    return pd.DataFrame({"x": x, "y": y, "value": value}).reset_index(drop=True)
