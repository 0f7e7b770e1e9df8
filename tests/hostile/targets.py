"""What reads bytes or text from outside, each as a function that must answer or refuse.

To refuse means a `PotenzialatlasError`: one line, of bounded length, that can be printed. Anything
else (another exception, a line break, no end) is a finding. `test_fuzz.py` looks for some seconds,
``python tests/hostile/fuzz.py NAME`` for as long as one likes.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pandas as pd

from layers.errors import PotenzialatlasError, RecipeError, SourceError
from layers.own_table import read_sheets, read_table
from layers.own_table.names import parse_name
from layers.own_table.numbers import read_column
from layers.plain import harmless, plain
from layers.query import from_query, to_query
from layers.recipe import Recipe
from layers.selfcheck import file as selfcheck
from layers.sources.bundeswahlleiterin import read_election
from layers.sources.deutschlandatlas import values as deutschlandatlas
from layers.sources.eurostat import cells
from layers.sources.formats import csv_lines, json_of, table_from
from layers.sources.formats.raw import Raw, Where
from layers.sources.genesis.answers import parse as genesis_answer
from layers.sources.genesis.flat import read_flat
from layers.sources.genesis.table_view import read_table_view
from layers.sources.gv100ad import read_register
from layers.sources.inkar.web_export import read_export
from layers.sources.regionalatlas import parse as regionalatlas
from layers.sources.wegweiser import parse_regions
from layers.toml import parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable

WHERE = Where("f.csv")
REGIONS = pd.DataFrame(
    {"name": ["Flensburg", "Kiel", "Halle (Saale)"], "kind": ["Kreisfreie Stadt"] * 3},
    index=pd.Index(["01001", "01002", "15002"], name="region"),
)


def text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def recipe(data: bytes) -> None:
    found = Recipe.parse(parse_toml(data, "f.toml", RecipeError), where="f.toml")
    again = Recipe.parse(tomllib.loads(found.to_toml()))
    assert again == found


def link(data: bytes) -> None:
    found = from_query(dict(parse_qsl(text(data), keep_blank_values=True)))
    assert from_query(to_query(found)) == found


def table(data: bytes) -> None:
    for one in read_table(data, "f.csv", REGIONS).columns:
        assert one.numeric or one.fault is not None or not one.missing or one.numbers is not None


def numbers(data: bytes) -> None:
    given = text(data).split("\n")
    read_column(given, list(range(len(given))), place=0, title="x")


def names(data: bytes) -> None:
    parse_name(text(data)[:200])
    kept = plain(text(data))
    assert kept.isprintable()
    assert plain(kept) == kept
    harmless(text(data)).encode()


def check(data: bytes) -> None:
    found = selfcheck.parse(data, "f.toml")
    assert selfcheck.parse(selfcheck.to_toml(found).encode(), "f.toml") == found


def lines(data: bytes) -> None:
    given = data.decode("utf-8", "replace")
    csv_lines(given, WHERE)
    table_from(given, WHERE)


TARGETS: dict[str, Callable[[bytes], object]] = {
    "recipe": recipe,
    "link": link,
    "table": table,
    "sheets": lambda data: read_sheets(b"PK\x03\x04" + data, "f.xlsx"),
    "numbers": numbers,
    "names": names,
    "check": check,
    "lines": lines,
    "json": lambda data: json_of(Raw("f.json", data), WHERE),
    "flat": lambda data: read_flat(Raw("f_de_flat.csv", data)),
    "view": lambda data: read_table_view(Raw("f.csv", data)),
    "answer": lambda data: genesis_answer(data, "f.json"),
    "gv100ad": lambda data: read_register(Raw("f.txt", data)),
    "election": lambda data: read_election(Raw("f.csv", data)),
    "atlas": lambda data: deutschlandatlas(
        Raw("f_KRS1224_HA26.csv", data), "a", vintage="KRS1224", year=2024
    ),
    "eurostat": lambda data: cells(Raw("f.json", data)),
    "inkar": lambda data: read_export(Raw("f.csv", data)),
    "regional": lambda data: regionalatlas(Raw("f.json", data), "ai0101", 2020),
    "wegweiser": lambda data: parse_regions(Raw("f.json", data)),
}


def look(name: str, data: bytes) -> str:
    """Give a target some data; returns the refusal, empty if it was taken."""
    try:
        TARGETS[name](data)
    except PotenzialatlasError as refusal:
        said = str(refusal)
        assert said, "nothing is said"
        assert "\n" not in said, said
        assert len(said) < 5_000, said[:200]
        said.encode()
        return said
    return ""


__all__ = ["REGIONS", "TARGETS", "SourceError", "look"]
