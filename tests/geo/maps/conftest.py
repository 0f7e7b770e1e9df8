"""A country of four squares with an island and a hole, small enough to be counted by hand."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.maps import Ground, LegendClass, MapSheet

KM = 1000


def square(x, y, size=100):
    return shapely.box(x * KM, y * KM, (x + size) * KM, (y + size) * KM)


@pytest.fixture
def shapes():
    """Return squares of 100 km; 02 has a tiny city 05 in its middle, 04 has an island."""
    city = square(147, 47, 6)
    areas = {
        "01": square(0, 0),
        "02": square(100, 0).difference(city),
        "03": square(0, 100),
        "04": shapely.union_all([square(100, 100), square(230, 150, 20)]),
        "05": city,
    }
    return gpd.GeoSeries(areas, crs="EPSG:25832")


@pytest.fixture
def ground(shapes):
    return Ground(shapes, pd.Series({"01": "A", "02": "A", "03": "B", "04": "B", "05": "A"}))


@pytest.fixture
def sheet(ground):
    return MapSheet(
        ground=ground, codes=[0, 1, 1, -1, 0],
        classes=[LegendClass("#ffffcc", "1 bis 2", 2), LegendClass("#253494", "über 2 bis 3", 2)],
        doubt=[False, True, False, False, False], title="Ein Titel", subtitle="%, 2022",
        legend_title="Wert", count_title="Kreise", missing_label="kein Wert",
        doubt_label="Klasse unsicher", note="Klassen: gleich viele.",
        sources=["Quellen: © Amt", "Geobasisdaten: © BKG"], footer="Potenzialatlas · 21.11.2026",
        description="Am höchsten: 02.",
    )  # fmt: skip
