"""All ramps and sets of colours that maps use, and a table of how far their colours lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo.classes import COUNTS, ramp
from geo.colour_vision import VISIONS, nearest
from geo.rasters.closeup import measures
from views.parts import indicator, kinds

if TYPE_CHECKING:
    from views.i18n import Words

__all__ = ["Palette", "palettes", "table"]

#: Numbers of classes for which differences have a ramp: those with a middle.
_ODD = (3, 5)
#: A close-up measure that shows each ramp of the cells.
_CELLS = {"both": "both", "distance": "train", "people": "people"}


class Palette(NamedTuple):
    """Colours of one map.

    Attributes
    ----------
    name : str
        Key of its name in the texts (``colours.NAME``).
    ordered : bool
        Whether they are steps of a ramp, where only neighbours can be mistaken.
    """

    name: str
    colours: tuple[str, ...]
    ordered: bool


def palettes() -> list[Palette]:
    """Return every ramp and set of colours that a map can have, on light paper and on dark."""
    found = [Palette(name, ramp(name, count), ordered=True)
             for name in ("potential", "certainty") for count in COUNTS]  # fmt: skip
    found += [Palette("difference", ramp("difference", count), ordered=True) for count in _ODD]
    for name, measure in _CELLS.items():
        one = measures()[measure]
        found += [Palette(f"cells_{name}_{paper}", shown, ordered=name != "both")
                  for paper, shown in (("light", one.light), ("dark", one.dark))]  # fmt: skip
    found.append(Palette("kinds", kinds.BOTH, ordered=False))
    found += [Palette(f"clusters_{paper}", shown, ordered=False)
              for paper, shown in indicator.cluster_colours().items()]  # fmt: skip
    return found


def table(words: Words) -> tuple[list[str], list[list[str]]]:
    """Least difference of two colours in each map, by how somebody sees them.

    Returns
    -------
    head, rows : (list of str, list of list of str)
        Words of the table; the name of the map and its number of colours come first.
    """
    head = [words("colours.name"), words("colours.count"),
            *(words(f"colours.{vision}") for vision in VISIONS)]  # fmt: skip
    rows = [
        [words(f"colours.{one.name}"), str(len(one.colours)),
         *(words.number(nearest(one.colours, vision, ordered=one.ordered), 1)
           for vision in VISIONS)]
        for one in palettes()
    ]  # fmt: skip
    return head, rows
