"""A small dataset with the measures that stand for services and newcomers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers import Dataset
from layers.catalogue import Catalogue, Indicator, Layer, Text
from layers.dataset import Source

BEDS, GPS, SEEKERS, BENEFITS = (
    "hospital_beds", "general_practitioners", "protection_seekers_share",
    "asylum_benefit_recipients",
)  # fmt: skip
REGIONS = list("abcdefg")


def dataset(tables):
    """Return a dataset of one layer: indicator -> year -> a value for each of seven regions."""
    rows = [
        (region, key, year, value)
        for key, years in tables.items()
        for year, values in years.items()
        for region, value in zip(REGIONS, values, strict=True)
    ]
    values = pd.DataFrame(rows, columns=["region", "indicator", "year", "value"])
    indicators = [
        Indicator(id=key, name=key, unit="%", direction="-", source="s") for key in tables
    ]
    layer = Layer(id="all", name="all", indicator=indicators)
    said = Text(de="s", en="s")
    return Dataset(
        id="small", version="1", title=said, catalogue=Catalogue(layers=(layer,)),
        values=values.assign(flag="", source=""), path=Path("small"), attributes={},
        regions=pd.DataFrame({"name": REGIONS}, index=pd.Index(REGIONS, name="region")),
        sources={"s": Source(title=said, publisher="s", licence="s", attribution="s")},
    )  # fmt: skip
