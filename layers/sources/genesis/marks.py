"""The marks of the statistical offices, and what becomes of them.

The offices' own legend (Zeichenerklärung) says what stands in place of a number:

====  ==========================================  ===========================================
mark  legend                                      here
====  ==========================================  ===========================================
``-``    nothing there, exactly zero              0 in the cases told below, else a gap
``.``    number unknown or to be kept secret      missing, flag ``withheld``
``...``  number follows later                     gap
``/``    not reliable enough to be given          missing, flag ``withheld``
``x``    cell blocked, no sensible statement      gap
====  ==========================================  ===========================================

The legend's zero cannot be taken at its word everywhere: the same mark fills the cells of Kreise
that were dissolved decades ago (Greifswald has "exactly zero" inhabitants) and whole slices that
are not delivered yet (every Kreis has "exactly zero" employees on 30 June 2025). A ``-`` is read as
0 only for amounts that can be added up (`AMOUNTS`: persons, tonnes, thousand euros; not per cent
and not prices), and only where the same region has at least one number at the same time in the same
table. All other ``-`` are gaps and are counted.

With ``quality=on`` a column says how good a number is: ``e`` final, ``r`` revised, ``p``
provisional, ``s`` estimated (both get the flag ``provisional``), ``()`` of limited reliability
(counted, no flag).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from layers.sources.formats import Where

#: Marks in place of a number -> their legend.
MARKS = {
    "-": "exactly zero or nothing there",
    ".": "unknown or secret",
    "...": "follows later",
    "/": "not reliable enough",
    "x": "blocked",
}
#: Marks behind which the publisher holds a number back.
WITHHELD = frozenset({".", "/"})
#: Units of amounts that can be added up, in German and English.
AMOUNTS = frozenset(
    {
        "Anzahl", "number", "Number", "Personen", "1000", "Tsd.", "t", "ha", "qm", "1000 qm",
        "qkm", "EUR 1000", "Tsd. EUR", "Mill. EUR", "Mio. EUR",
    }
)  # fmt: skip
#: Words of the quality column -> flag.
QUALITY = {"": "", "e": "", "r": "", "()": "", "p": "provisional", "s": "provisional"}


def resolve(rows: pd.DataFrame) -> pd.DataFrame:
    """Give every row its final value and flag.

    Parameters
    ----------
    rows : DataFrame
        level, region, time, value (NaN at marks), mark, unit, quality.
    """
    there = rows["value"].notna()
    known = there.groupby([rows["level"], rows["region"], rows["time"]]).transform("any")
    zero = (rows["mark"] == "-") & rows["unit"].isin(AMOUNTS) & known
    withheld = rows["mark"].isin(WITHHELD)
    flag = np.where(withheld, "withheld", rows["quality"].map(QUALITY))
    return rows.assign(value=rows["value"].mask(zero, 0.0), flag=pd.Series(flag, rows.index))


def check_quality(quality: pd.Series, where: Where) -> None:
    """Raise a `SourceError` at the first word of the quality column that the legend lacks."""
    wrong = ~quality.isin(list(QUALITY))
    if wrong.any():
        line = int(quality.index[int(wrong.to_numpy().argmax())])
        words = ", ".join(repr(word) for word in QUALITY if word)
        what = f"{quality.loc[line]!r} is no known mark of quality; known are {words}."
        raise where.fault(what, line=line, column="value_q")


def told(rows: pd.DataFrame) -> tuple[str, ...]:
    """Count, in words, what the marks among `rows` became; one line per mark that occurs."""
    counts = rows.loc[rows["mark"] != "", ["mark", "value", "flag"]]
    lines = []
    for mark, group in counts.groupby("mark"):
        zeros = int((group["value"] == 0).sum())
        rest = "withheld" if mark in WITHHELD else "gaps"
        parts = [f"{zeros} read as 0"] * (zeros > 0) + [f"{len(group) - zeros} {rest}"]
        lines.append(f"'{mark}' ({MARKS[str(mark)]}): {', '.join(parts)}.")
    limited = int((rows["quality"] == "()").sum())
    if limited:
        lines.append(f"'()' (limited reliability): {limited} numbers.")
    return tuple(lines)
