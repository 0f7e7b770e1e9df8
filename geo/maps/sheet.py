"""What one printed map says: every word, number and colour on it, without its layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import PotenzialatlasError
from layers.texts import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.maps.ground import Ground

__all__ = ["MISSING", "OUTSIDE", "LegendClass", "MapSheet", "word"]

#: Class number of a region without a value: grey and hatched.
MISSING = -1
#: Class number of a region that is not part of the question: paler than any class.
OUTSIDE = -2
_TEXTS = Path(__file__).with_name("words.toml")


@dataclass(frozen=True)
class LegendClass:
    """One class of the legend: colour (``#rrggbb``), bounds in words, number of regions."""

    colour: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class MapSheet:
    """One map with all that stands around it.

    Sequences have one entry per region, in the order of the ground's shapes.

    Attributes
    ----------
    codes : sequence of int
        Class of each region, counted from 0, `MISSING` or `OUTSIDE`.
    classes : sequence of LegendClass
        From the lowest (the legend begins with the highest); an empty sequence leaves the legend
        off.
    doubt : sequence of bool, optional
        Regions whose class is unsure: hatched.
    dim : sequence of bool, optional
        Regions outside the selection: pale.
    highlight : str
        Region that is outlined; empty for none.
    title, subtitle : str
        Heading; below it unit, year and scope.
    legend_title, count_title : str
        Headings of the classes and of the numbers of regions beside them.
    missing_label, outside_label, doubt_label : str
        Words of the legend; the usual ones if empty.
    note : str
        Small print below the legend: how the classes were made, say.
    sources : sequence of str
        Attributions, burnt in at the foot.
    footer : str
        Last line: recipe, version, date.
    description : str
        What can be seen, for those who cannot; goes into the files, not onto the sheet.
    """

    ground: Ground
    codes: Sequence[int]
    classes: Sequence[LegendClass]
    doubt: Sequence[bool] | None = None
    dim: Sequence[bool] | None = None
    highlight: str = ""
    title: str = ""
    subtitle: str = ""
    legend_title: str = ""
    count_title: str = ""
    missing_label: str = ""
    outside_label: str = ""
    doubt_label: str = ""
    note: str = ""
    sources: Sequence[str] = ()
    footer: str = ""
    description: str = ""
    language: str = "de"

    def __post_init__(self) -> None:
        """Refuse lists that do not fit together, and classes and regions that do not exist."""
        regions = len(self.ground.shapes)
        for name in ("codes", "doubt", "dim"):
            values = getattr(self, name)
            if values is not None and len(values) != regions:
                msg = f"map: {name} has {len(values)} entries for {regions} regions; give one each."
                raise PotenzialatlasError(msg)
        wrong = {code for code in self.codes if not OUTSIDE <= code < len(self.classes)}
        if wrong:
            allowed = f"{OUTSIDE} to {len(self.classes) - 1}"
            msg = f"map: class {min(wrong)} does not exist; allowed are {allowed}."
            raise PotenzialatlasError(msg)
        if self.highlight and self.highlight not in self.ground.shapes.index:
            msg = f"map: there is no region '{self.highlight}' to highlight."
            raise PotenzialatlasError(msg)

    @property
    def missing(self) -> int:
        """Regions without a value."""
        return sum(code == MISSING for code in self.codes)

    @property
    def outside(self) -> int:
        """Regions outside the question or the selection."""
        dim = self.dim or [False] * len(self.codes)
        return sum(code == OUTSIDE or pale for code, pale in zip(self.codes, dim, strict=True))

    @property
    def paled(self) -> bool:
        """Whether regions outside the selection show their class, if palely."""
        dim = self.dim or [False] * len(self.codes)
        return any(pale and code >= 0 for code, pale in zip(self.codes, dim, strict=True))

    @property
    def doubtful(self) -> int:
        """Regions whose class is unsure."""
        return sum(self.doubt or ())


def word(key: str, language: str) -> str:
    """Return a word of printed maps."""
    return texts(_TEXTS)[key][language]
