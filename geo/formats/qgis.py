"""The style in which QGIS and others draw a layer: the classes and colours of the atlas.

QGIS looks for styles in a table `TABLE` of a GeoPackage and takes the one marked as default. It
holds each style twice: as QML, QGIS's own format, and as Styled Layer Descriptor with Symbology
Encoding 1.1 (OGC 05-077r4) for other programs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pandas as pd

from geo.classes import classify, ramp

if TYPE_CHECKING:
    from geo.document import Document

__all__ = ["TABLE", "style_table"]

#: Name of the table in which QGIS keeps styles.
TABLE = "layer_styles"
_FIELD = "score"
_LINE, _LINE_WIDTH_MM = "#ffffff", 0.15
_MISSING, _MISSING_LINE = "#b3b3b3", "#808080"
#: Time of writing that all our styles have: equal files stay equal.
_WRITTEN = pd.Timestamp("2000-01-01T00:00:00Z")
_PIXELS_PER_MM = 1 / 0.28
_SE, _OGC = "http://www.opengis.net/se", "http://www.opengis.net/ogc"
_SLD = "http://www.opengis.net/sld"


class _Class(NamedTuple):
    """One entry of the legend; without bounds it is that of regions without a score."""

    low: float
    high: float
    colour: str
    label: str


def style_table(document: Document, layer: str) -> pd.DataFrame:
    """Return the one row of `TABLE` for `layer`: its columns are those that QGIS writes.

    Classes are quantiles of the score, as on a first visit of the map.
    """
    classes = _classes(document)
    row = {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": layer,
        "f_geometry_column": "geom",
        "styleName": document.word("style_name"),
        "styleQML": _qml(classes, document.word("no_score")),
        "styleSLD": _sld(classes, layer, document.word("no_score")),
        "useAsDefault": True,
        "description": document.word("style_note"),
        "owner": "",
        "ui": "",
        "update_time": _WRITTEN,
    }
    return pd.DataFrame([row])


def _classes(document: Document) -> list[_Class]:
    bounds = classify(document.table[_FIELD].astype("float64")).bounds
    decimals = _decimals([high - low for low, high in bounds])

    def written(number: float) -> str:
        text = f"{number:.{decimals}f}"
        return text.replace(".", ",") if document.language == "de" else text

    return [
        _Class(low, high, colour, f"{written(low)} – {written(high)}")
        for (low, high), colour in zip(bounds, ramp("potential", len(bounds)), strict=True)
    ]


def _decimals(widths: list[float]) -> int:
    """Decimals that tell the bounds of the narrowest class apart, and one more; at most 9."""
    narrowest = min((width for width in widths if width > 0), default=1.0)
    return min(max(1, math.ceil(-math.log10(narrowest)) + 1), 9)


def _qml(classes: list[_Class], missing: str) -> str:
    """Graduated symbols; regions without a score get a number below all others, and its class."""
    nowhere = math.floor(min((one.low for one in classes), default=0.0)) - 1
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="graduatedSymbol", attr=f'coalesce("{_FIELD}", {nowhere})',
        graduatedMethod="GraduatedColor", symbollevels="0", forceraster="0", enableorderby="0",
        referencescale="-1",
    )  # fmt: skip
    ranges, symbols = ET.SubElement(renderer, "ranges"), ET.SubElement(renderer, "symbols")
    every = [*classes, _Class(nowhere, nowhere, _MISSING, missing)]
    for number, one in enumerate(every):
        ET.SubElement(
            ranges, "range", symbol=str(number), label=one.label, lower=repr(float(one.low)),
            upper=repr(float(one.high)), render="true",
        )  # fmt: skip
        _qml_symbol(symbols, number, one.colour, hatched=one is every[-1])
    ET.SubElement(renderer, "classificationMethod", id="Custom")
    text = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}"


def _qml_symbol(symbols: ET.Element, number: int, colour: str, *, hatched: bool) -> None:
    symbol = ET.SubElement(
        symbols, "symbol", name=str(number), type="fill", alpha="1", clip_to_extent="1",
        force_rhr="0",
    )  # fmt: skip
    layer = ET.SubElement(symbol, "layer", attrib={"class": "SimpleFill"}, enabled="1", locked="0")
    layer.set("pass", "0")
    options = ET.SubElement(layer, "Option", type="Map")
    look = {
        "color": _rgb(colour),
        "style": "b_diagonal" if hatched else "solid",
        "outline_color": _rgb(_MISSING_LINE if hatched else _LINE),
        "outline_style": "solid",
        "outline_width": str(_LINE_WIDTH_MM),
        "outline_width_unit": "MM",
        "joinstyle": "bevel",
    }
    for name, value in look.items():
        ET.SubElement(options, "Option", type="QString", name=name, value=value)


def _rgb(colour: str) -> str:
    return ",".join([*(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)), "255"])


def _sld(classes: list[_Class], layer: str, missing: str) -> str:
    root = ET.Element(
        "StyledLayerDescriptor", attrib={"version": "1.1.0", "xmlns": _SLD, "xmlns:se": _SE}
    )
    root.set("xmlns:ogc", _OGC)
    named = ET.SubElement(root, "NamedLayer")
    ET.SubElement(named, "se:Name").text = layer
    style = ET.SubElement(named, "UserStyle")
    ET.SubElement(style, "se:Name").text = layer
    rules = ET.SubElement(style, "se:FeatureTypeStyle")
    for one in classes:
        lowest = one is classes[0]
        rule, test = _sld_rule(rules, one.label)
        both = ET.SubElement(test, "ogc:And")
        above = "GreaterThanOrEqualTo" if lowest else "GreaterThan"
        _compare(both, above, one.low)
        _compare(both, "LessThanOrEqualTo", one.high)
        _sld_fill(rule, one.colour, _LINE)
    rule, test = _sld_rule(rules, missing)
    ET.SubElement(ET.SubElement(test, "ogc:PropertyIsNull"), "ogc:PropertyName").text = _FIELD
    _sld_fill(rule, _MISSING, _MISSING_LINE)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _sld_rule(rules: ET.Element, label: str) -> tuple[ET.Element, ET.Element]:
    rule = ET.SubElement(rules, "se:Rule")
    ET.SubElement(rule, "se:Name").text = label
    ET.SubElement(ET.SubElement(rule, "se:Description"), "se:Title").text = label
    return rule, ET.SubElement(rule, "ogc:Filter")


def _compare(parent: ET.Element, kind: str, number: float) -> None:
    comparison = ET.SubElement(parent, f"ogc:PropertyIs{kind}")
    ET.SubElement(comparison, "ogc:PropertyName").text = _FIELD
    ET.SubElement(comparison, "ogc:Literal").text = repr(float(number))


def _sld_fill(rule: ET.Element, colour: str, line: str) -> None:
    symbol = ET.SubElement(rule, "se:PolygonSymbolizer")
    fill, stroke = ET.SubElement(symbol, "se:Fill"), ET.SubElement(symbol, "se:Stroke")
    ET.SubElement(fill, "se:SvgParameter", name="fill").text = colour
    ET.SubElement(stroke, "se:SvgParameter", name="stroke").text = line
    width = f"{_LINE_WIDTH_MM * _PIXELS_PER_MM:.2f}"
    ET.SubElement(stroke, "se:SvgParameter", name="stroke-width").text = width
