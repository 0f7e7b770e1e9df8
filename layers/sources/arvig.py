"""ARVIG: recorded events against refugees and their homes, 2014 to November 2017.

The chronicle lists events; a Kreis without any does not occur in it. The reader therefore returns
only keys with events, and the reform step of kind ``events`` reads absence as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.errors import SourceError
from layers.sources.longtable import long_table, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FILE = "indicators/arvig/arvig_events.csv"
#: The one quantity: an event that was a demonstration and an attack counts as an attack.
CODE = "events_without_demonstrations"
#: The whole period is entered under its last year.
YEAR = 2017
#: Digits of the regional key (ARS) of a municipality; the first five are the Kreis.
_ARS_DIGITS = 12


def read(raw: Path, code: str, table: str = "") -> pd.DataFrame:  # noqa: ARG001 one edition only
    """Count the events per Kreis key; `code` can only be `CODE`.

    Raises
    ------
    SourceError
        If the file or a column is missing, or something else is asked for.
    """
    if code != CODE:
        msg = f"{raw / FILE}: '{code}' cannot be read; possible is {CODE}."
        raise SourceError(msg)
    events = read_csv(raw / FILE, ("community_id", "category_en"))
    counted = events[events["category_en"] != "demonstration"]
    kreis = counted["community_id"].str.zfill(_ARS_DIGITS).str[:5]
    counts = kreis.value_counts().sort_index()
    return long_table(counts.index.to_series(), YEAR, counts)
