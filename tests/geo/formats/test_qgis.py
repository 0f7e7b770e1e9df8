"""What must be true of the style in a GeoPackage: well-formed, complete, and found by readers."""

from __future__ import annotations

import dataclasses
import sqlite3
import warnings
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pyogrio
import pytest

from geo.classes import classify, ramp
from geo.document import Document
from geo.formats import mapfiles, qgis
from layers.catalogue import Text

SLD = {
    "se": "http://www.opengis.net/se", "ogc": "http://www.opengis.net/ogc",
    "": "http://www.opengis.net/sld",
}  # fmt: skip


def parsed(row):
    # Written by ourselves a moment ago.
    return [ET.fromstring(row[key].encode()) for key in ("styleQML", "styleSLD")]  # noqa: S314


def styled(document):
    row = qgis.style_table(document, "potenzialatlas").iloc[0]
    return parsed(row)


@pytest.fixture
def package(document, tmp_path):
    path = tmp_path / "out.gpkg"
    path.write_bytes(mapfiles.geopackage(document))
    return path


def test_the_table_has_the_columns_and_the_registration_that_qgis_expects(package):
    with sqlite3.connect(package) as file:
        columns = {row[1]: row[2] for row in file.execute("pragma table_info(layer_styles)")}
        registered = dict(file.execute("select table_name, data_type from gpkg_contents"))
        row = file.execute(
            "select f_table_catalog, f_table_schema, f_table_name, f_geometry_column, useAsDefault "
            "from layer_styles"
        ).fetchall()
        geometry = file.execute(
            "select table_name, column_name from gpkg_geometry_columns"
        ).fetchall()
        assert file.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert list(columns) == [
        "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column",
        "styleName", "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui",
        "update_time",
    ]  # fmt: skip
    assert (columns["id"], columns["useAsDefault"]) == ("INTEGER", "BOOLEAN")
    assert registered == {"potenzialatlas": "features", "layer_styles": "attributes"}
    # QGIS asks for the empty schema, not for none.
    assert row == [("", "", *geometry[0], 1)]


def test_gdal_lists_the_style_and_reads_both_layers_without_a_warning(package):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pyogrio.list_layers(package)[:, 0].tolist() == ["potenzialatlas", "layer_styles"]
        assert len(pyogrio.read_dataframe(package, layer="potenzialatlas")) == 4
        style = pyogrio.read_dataframe(package, layer="layer_styles")
        assert style["useAsDefault"].tolist() == [True]


def test_every_score_falls_into_its_class_and_a_missing_one_into_its_own(document):
    qml, _ = styled(document)
    renderer = qml.find("renderer-v2")
    assert (renderer.get("type"), renderer.get("graduatedMethod")) == (
        "graduatedSymbol", "GraduatedColor",
    )  # fmt: skip
    ranges = [(float(one.get("lower")), float(one.get("upper"))) for one in renderer.iter("range")]
    scores = document.table.set_index("region")["score"].astype("float64")
    substitute = float(renderer.get("attr").removeprefix('coalesce("score", ').removesuffix(")"))
    assert substitute < scores.min()
    found = {
        # QGIS takes the first class that holds a value, both ends included.
        region: next(i for i, (low, high) in enumerate(ranges) if low <= value <= high)
        for region, value in scores.fillna(substitute).items()
    }
    codes = classify(scores).codes
    wanted = codes.where(codes >= 0, len(ranges) - 1)
    assert found == wanted.to_dict()


def test_every_class_has_its_symbol_in_the_colours_of_the_atlas(document):
    qml, sld = styled(document)
    renderer = qml.find("renderer-v2")
    symbols = {one.get("name"): one for one in renderer.find("symbols")}
    ranges = list(renderer.iter("range"))
    assert [one.get("symbol") for one in ranges] == list(symbols)

    def look(symbol):
        return {one.get("name"): one.get("value") for one in symbol.iter("Option")}

    looks = [look(one) for one in symbols.values()]
    wanted = ramp("potential", len(ranges) - 1)
    found = ["#{:02x}{:02x}{:02x}".format(*map(int, one["color"].split(",")[:3])) for one in looks]
    assert tuple(found[:-1]) == wanted
    assert [one["style"] for one in looks] == ["solid"] * len(wanted) + ["b_diagonal"]
    rules = list(sld.iter(f"{{{SLD['se']}}}Rule"))
    fills = [one.find(".//se:Fill/se:SvgParameter", SLD).text for one in rules]
    assert fills == found
    assert rules[-1].find(".//ogc:PropertyIsNull/ogc:PropertyName", SLD).text == "score"
    titles = [one.find("se:Description/se:Title", SLD).text for one in rules]
    assert titles == [one.get("label") for one in ranges]


def test_labels_are_in_the_language_of_the_file(document):
    german, _ = styled(document)
    english, _ = styled(dataclasses.replace(document, language="en"))
    last = [list(one.iter("range"))[-1].get("label") for one in (german, english)]
    assert last == ["kein Wert", "no score"]
    assert "," in next(german.iter("range")).get("label")


@pytest.mark.parametrize("scores", [[np.nan] * 4, [5.0] * 4, [-3.5, -3.25, 1e-9, 1e9]])
def test_odd_scores_still_give_a_whole_style(document, scores):
    table = document.table.assign(score=pd.array(scores, dtype="float64"))
    odd = dataclasses.replace(document)
    object.__setattr__(odd, "table", table)
    qml, sld = styled(odd)
    known = len({one for one in scores if not np.isnan(one)})
    assert len(list(qml.iter("range"))) == known + 1
    assert len(list(sld.iter(f"{{{SLD['se']}}}Rule"))) == known + 1


def test_names_with_markup_break_out_of_nothing(document, tmp_path):
    evil = "</qgis><script>\"'&]]>\x0b\x00"
    dataset = dataclasses.replace(
        document.scores.dataset, title=Text(de=evil, en=evil),
        regions=document.scores.dataset.regions.assign(name=evil),
    )  # fmt: skip
    scores = dataclasses.replace(document.scores, dataset=dataset)
    path = tmp_path / "out.gpkg"
    path.write_bytes(mapfiles.geopackage(Document(scores, None, "scores", "de")))
    found = pyogrio.read_dataframe(path, layer="potenzialatlas")
    assert found["name"].str.startswith("</qgis><script>").all()
    row = pyogrio.read_dataframe(path, layer="layer_styles").iloc[0]
    assert [one.tag.rpartition("}")[2] for one in parsed(row)] == ["qgis", "StyledLayerDescriptor"]
