"""A first pass over a raster: is there any value, and are missing ones marked as such."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.rasters.geotiff import Cells, Raster

__all__ = ["survey", "windows"]

#: Numbers that programs write where they have no value. Beyond 1e30 any number is taken for one.
_MARKS = (
    -9999, -99999, -999, 9999, 99999, 255, -32768, -32767, 32767, 65535,
    -2147483648, -2147483647, 2147483647, 4294967295,
)  # fmt: skip
_BEYOND = 1e30
#: Cells looked at; of a larger raster evenly spread windows are.
_ENOUGH = 100_000_000
#: Cells per window.
WINDOW = 2**21

Window = tuple[int, int, int, int]


@dataclass
class _Seen:
    """What the windows held so far: numbers that may be marks, and the range of all others."""

    count: int = 0
    marks: dict[float, int] = field(default_factory=dict)
    least: float = np.inf
    most: float = -np.inf

    def look(self, cells: Cells) -> None:
        numbers = cells.compressed()
        numbers = numbers[np.isfinite(numbers)]
        self.count += len(numbers)
        suspect = np.isin(numbers, _MARKS) | (np.abs(numbers.astype(np.float64)) > _BEYOND)
        for number, count in zip(*np.unique(numbers[suspect], return_counts=True), strict=True):
            self.marks[float(number)] = self.marks.get(float(number), 0) + int(count)
        if not suspect.all():
            self.least = min(self.least, float(numbers[~suspect].min()))
            self.most = max(self.most, float(numbers[~suspect].max()))

    def far(self) -> list[float]:
        """Possible marks that lie farther from all other numbers than those spread."""
        spread = max(self.most - self.least, 0.0)
        return [
            number for number in sorted(self.marks, key=lambda one: -self.marks[one])
            if self.most < self.least or max(self.least - number, number - self.most) > spread
        ]  # fmt: skip


def survey(raster: Raster, file: Any, *, settled: bool) -> None:
    """Read a raster once, in windows; of a huge one evenly spread windows.

    Parameters
    ----------
    settled : bool
        Whether the caller has said what marks missing values: then no number is doubted.

    Raises
    ------
    SourceError
        If there is no value at all, or if numbers look like marks but are not declared as such.
    """
    seen = _Seen()
    every = list(windows(raster.height, raster.width, file.block_shapes[raster.band - 1]))
    step = max(1, len(every) * WINDOW // _ENOUGH)
    for window in every[::step]:
        seen.look(raster.raw(file, *window))
    # The spread windows may all have missed the land: only then the others are read as well.
    for place, window in enumerate(every):
        if not seen.count and place % step:
            seen.look(raster.raw(file, *window))
    if not seen.count:
        msg = f"{raster.path}: no cell of band {raster.band} has a value; nothing can be computed."
        raise SourceError(msg, code="raster_empty")
    if not settled and (far := seen.far()):
        raise _doubted(raster, far[0], seen)


def windows(height: int, width: int, block: tuple[int, int]) -> Iterator[Window]:
    """Cut a raster into windows of whole blocks and about `WINDOW` cells.

    Yields
    ------
    (row, column, rows, columns)
    """
    columns = min(width, max(block[1], WINDOW // block[0] // block[1] * block[1]))
    rows = min(height, max(block[0], WINDOW // columns // block[0] * block[0]))
    for row in range(0, height, rows):
        for column in range(0, width, columns):
            yield row, column, min(rows, height - row), min(columns, width - column)


def _doubted(raster: Raster, number: float, seen: _Seen) -> SourceError:
    rest = f"all others lie from {seen.least:g} to {seen.most:g}"
    if seen.most < seen.least:
        rest = "there is no other"
    msg = (
        f"{raster.path}: {number:.10g} stands in {seen.marks[number]:,} of {seen.count:,} cells "
        f"and looks like a mark for missing values ({rest}); say nodata {number:.10g} if it is "
        "one, or nodata none if it is a value."
    )
    return SourceError(msg, code="raster_nodata")
