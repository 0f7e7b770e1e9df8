r"""Eurostat: NUTS 3 values in JSON-stat 2.0, joined to Kreise by the vintage of NUTS.

An answer holds its values in one row, sparse: ``value`` maps a flat index to a number. With
dimensions of sizes :math:`s_1 \dots s_d` (``size``, in the order of ``id``) the cell with positions
:math:`p_1 \dots p_d` has the index

.. math:: \sum_{k=1}^{d} p_k \prod_{j=k+1}^{d} s_j,

so the last dimension moves fastest. Positions of categories come from ``index``, an object
(code -> position) or a list. ``status`` carries letters of the same index; see `FLAGS`.

A NUTS code means different ground in different vintages (2021 and 2024 differ in Thüringen), so the
vintage is stated, and a German code that it does not know is reported, never matched by name.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from layers.errors import SourceError
from layers.sources.fetch.request import Request
from layers.sources.formats import Where, is_number, json_of, load
from layers.sources.longtable import long_table, read_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from layers.sources.formats import Raw

__all__ = ["FLAGS", "Joined", "cells", "join", "nuts_keys", "read", "request", "same_territory"]

BASE = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data"
KEYS = "geo/kreis_schluessel/kreise_schluessel_2024-12-31.csv"
#: Vintage of NUTS -> column of `KEYS`.
VINTAGES = {"2021": "destatis_nuts3_2021", "2024": "nuts3_vg1000_2024"}
#: Eurostat's letters -> our words. Those without a word stay visible in the column ``status``.
FLAGS = {
    "p": "provisional", "e": "calculated", "s": "calculated", "f": "calculated", "c": "withheld",
    "b": "", "d": "", "n": "", "r": "", "u": "", "z": "", ":": "",
}  # fmt: skip
_GERMAN_NUTS3 = r"DE[0-9A-Z]{3}"
#: More categories in a dimension, and more cells, than any answer of the service holds.
_MOST, _MOST_CELLS = 1_000_000, 10**12
_HINT = "The right file is a JSON answer of Eurostat's service 'statistics/1.0/data'."


class Joined(NamedTuple):
    """Values of Kreise, and what did not fit.

    Attributes
    ----------
    table : DataFrame
        A long table with the column ``status`` (Eurostat's letters).
    unmatched : tuple of str
        German NUTS 3 codes of the answer that the vintage does not know.
    absent : tuple of str
        Kreise whose code is not among the categories of the answer.
    """

    table: pd.DataFrame
    unmatched: tuple[str, ...]
    absent: tuple[str, ...]


def request(
    dataset: str, filters: Mapping[str, str | Sequence[str]], years: Sequence[int]
) -> Request:
    """Ask for all NUTS 3 regions of some years, such as ``nama_10r_3gdp`` in unit ``EUR_HAB``."""
    fields = {"format": "JSON", "lang": "EN", "geoLevel": "nuts3", **filters, "time": list(years)}
    return Request(f"{BASE}/{dataset}?{urlencode(fields, doseq=True)}")


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read one quantity from the saved answer ``eurostat/<dataset>.json``.

    Parameters
    ----------
    code : str
        Categories that choose it, such as ``unit=EUR_HAB`` or ``sex=T,age=TOTAL``.
    table : str
        Dataset and vintage of NUTS, such as ``nama_10r_3gdp/2021``.

    Raises
    ------
    SourceError
        As `join`, or if a German code is unmatched.
    """
    dataset, _, vintage = table.partition("/")
    path = raw / "eurostat" / f"{dataset}.json"
    fixed = dict(part.split("=", 1) for part in code.split(",") if "=" in part)
    joined = join(path, nuts_keys(raw / KEYS, vintage), fixed)
    if joined.unmatched:
        codes = ", ".join(joined.unmatched[:8])
        what = f"NUTS {vintage} does not know {codes}; the answer is of another vintage."
        raise Where(str(path)).fault(what, column="geo")
    return joined.table.drop(columns="status")


def join(source: Path | Raw, keys: pd.Series, fixed: Mapping[str, str] | None = None) -> Joined:
    """Read the values of German NUTS 3 regions as values of Kreise.

    Parameters
    ----------
    keys : Series
        NUTS 3 code -> key of the Kreis, as `nuts_keys` reads them.
    fixed : mapping
        Category of each dimension that has several, besides ``geo`` and ``time``.

    Raises
    ------
    SourceError
        If the answer is none or an error of the service; if a dimension with several categories is
        not fixed, or a category is not there; if a period is no year or a status letter unknown.
    """
    raw = load(source)
    where = Where(raw.name, _HINT)
    answer, index = _answer(raw, where)
    table = _choose(_cells(answer, index, where), index, fixed or {}, where)
    german = table[table["geo"].str.fullmatch(_GERMAN_NUTS3)]
    known = german[german["geo"].isin(keys.index)]
    known = known[known["value"].notna() | (known["flag"] == "withheld")]
    wrong = known[~known["time"].str.fullmatch(r"[0-9]{4}")]
    if len(wrong):
        raise where.fault(f"{wrong['time'].iloc[0]!r} is no year.", column="time")
    table = long_table(
        known["geo"].map(keys), known["time"].astype("int32"), known["value"], known["flag"],
        status=known["status"],
    )  # fmt: skip
    codes = [code for code in index["geo"] if re.fullmatch(_GERMAN_NUTS3, code)]
    unmatched = sorted(set(codes) - set(keys.index))
    return Joined(table, tuple(unmatched), tuple(sorted(keys[~keys.index.isin(codes)])))


def nuts_keys(path: Path, vintage: str) -> pd.Series:
    """Read the key of the Kreis for each NUTS 3 code of a vintage.

    Raises
    ------
    SourceError
        If the vintage is not among `VINTAGES`, a column is missing, or a code occurs twice.
    """
    if vintage not in VINTAGES:
        msg = f"{path}: no codes of NUTS '{vintage}'; there are {', '.join(VINTAGES)}."
        raise SourceError(msg)
    column = VINTAGES[vintage]
    table = read_csv(path, ("ags", column))
    keys = pd.Series(table["ags"].to_numpy(), index=table[column], name="region")
    keys = keys[keys.index != ""]
    twice = keys.index[keys.index.duplicated()]
    if len(twice):
        msg = f"{path}: column '{column}': '{twice[0]}' occurs more than once."
        raise SourceError(msg)
    return keys


def same_territory(path: Path, old: str, new: str) -> pd.Series:
    """Read which German codes of one vintage are the same ground in another.

    A region of which even a part changed sides is left out: its values cannot be carried over.

    Parameters
    ----------
    path : Path
        Conversion matrix of the JRC, such as ``n3_cm_v2021_v2024.csv``.
    old, new : str
        Vintages, such as 2021 and 2024.

    Returns
    -------
    Series
        Old code -> new code.
    """
    before, after = f"code_v{old}", f"code_v{new}"
    table = read_csv(path, (before, after))
    german = table[table[before].str.match("DE") | table[after].str.match("DE")]
    moved = german.duplicated(before, keep=False) | german.duplicated(after, keep=False)
    same = german[~moved]
    return pd.Series(same[after].to_numpy(), index=same[before])


def cells(source: Path | Raw) -> pd.DataFrame:
    """Read all cells that an answer holds: one column of codes per dimension, value and status.

    Raises
    ------
    SourceError
        If the file is no dataset in JSON-stat 2.0, or an index, size or number does not fit.
    """
    raw = load(source)
    where = Where(raw.name, _HINT)
    answer, index = _answer(raw, where)
    return _cells(answer, index, where)


def _answer(raw: Raw, where: Where) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Read the answer, and the categories of each dimension in the order of their positions."""
    answer = json_of(raw, where)
    if isinstance(answer, dict) and "error" in answer:
        what = f"is an error of the service: {json.dumps(answer['error'])[:300]}"
        raise where.fault(what)
    needed = ("id", "size", "dimension", "value")
    absent = [name for name in needed if not isinstance(answer, dict) or name not in answer]
    if absent or answer.get("class") != "dataset" or answer.get("version") != "2.0":
        what = f"is no dataset in JSON-stat 2.0 (missing: {', '.join(absent) or 'none'})."
        raise where.fault(what)
    _check_form(answer, where)
    names = answer["id"]
    if len(names) != len(answer["size"]):
        what = f"'id' has {len(names)} dimensions and 'size' {len(answer['size'])}."
        raise where.fault(what)
    index = {
        name: _categories(answer["dimension"], name, size, where)
        for name, size in zip(names, answer["size"], strict=True)
    }
    return answer, index


def _check_form(answer: dict[str, Any], where: Where) -> None:
    """Raise an error if a part of the answer is of another kind than JSON-stat asks for."""
    kinds = {
        "id": list, "size": list, "dimension": dict, "value": dict | list,
        "status": dict | list | str,
    }  # fmt: skip
    for name, kind in kinds.items():
        if name in answer and not isinstance(answer[name], kind):
            raise where.fault("is of another kind than JSON-stat 2.0 asks for.", column=name)
    if not all(isinstance(name, str) for name in answer["id"]):
        raise where.fault("holds something else than names.", column="id")
    if not all(is_number(size) and size in range(_MOST) for size in answer["size"]):
        raise where.fault("holds something else than whole numbers.", column="size")
    if len(set(answer["id"])) != len(answer["id"]) or math.prod(answer["size"]) > _MOST_CELLS:
        raise where.fault("a dimension occurs twice, or the cells are too many.", column="id")


def _categories(dimension: Any, name: str, size: int, where: Where) -> list[str]:  # parsed JSON
    try:
        category = dimension[name]["category"]
        # A dimension of one category may do without an index.
        index = category.get("index", list(category.get("label", {})))
    except (KeyError, TypeError, AttributeError) as cause:
        what = "has no categories."
        raise where.fault(what, column=name) from cause
    if isinstance(index, list):
        index = {str(code): position for position, code in enumerate(index)}
    positions = index.values() if isinstance(index, dict) else ()
    if not all(map(is_number, positions)) or sorted(positions) != list(range(int(size))):
        what = f"has {len(positions)} categories that do not take the positions 0 to {size - 1}."
        raise where.fault(what, column=name)
    return sorted(index, key=index.__getitem__)


def _cells(answer: dict[str, Any], index: dict[str, list[str]], where: Where) -> pd.DataFrame:
    sizes = [len(codes) for codes in index.values()]
    count = math.prod(sizes)
    value = _sparse(answer["value"], "value", count, where)
    status = _sparse(answer.get("status", {}), "status", count, where)
    flat = np.array(sorted(value.keys() | status.keys()), dtype="int64")
    positions = np.unravel_index(flat, sizes) if sizes else ()
    table = pd.DataFrame(
        {
            name: np.array(codes, dtype="object")[at]
            for (name, codes), at in zip(index.items(), positions, strict=True)
        }
    ).astype("str")
    for at, number in value.items():
        if not is_number(number):
            what = f"index {at}: {number!r} is no number."
            raise where.fault(what, column="value")
    numbers = [value.get(at, np.nan) for at in flat.tolist()]
    letters = [str(status.get(at, "")) for at in flat.tolist()]
    return table.assign(value=np.array(numbers, dtype="float64"), status=letters)


def _sparse(content: Any, name: str, count: int, where: Where) -> dict[int, Any]:  # parsed JSON
    """Bring the three forms of JSON-stat (object, list, one for all) into one, without nulls."""
    if isinstance(content, str):
        return dict.fromkeys(range(count), content)
    pairs = content.items() if isinstance(content, dict) else enumerate(content)
    found = {}
    for key, entry in pairs:
        if not str(key).isdecimal() or int(key) >= count:
            what = f"the index {key!r} is outside the {count} cells."
            raise where.fault(what, column=name)
        if entry is not None:
            found[int(key)] = entry
    return found


def _choose(
    table: pd.DataFrame, index: Mapping[str, Sequence[str]], fixed: Mapping[str, str], where: Where
) -> pd.DataFrame:
    """Keep the cells of the fixed categories, and turn status letters into flags."""
    for name in ("geo", "time"):
        if name not in index:
            raise where.fault(f"has no dimension '{name}'; it has {', '.join(index)}.")
    for name, codes in index.items():
        if name not in {"geo", "time", *fixed} and len(codes) > 1:
            what = f"has {len(codes)} categories ({', '.join(codes[:8])}); choose one."
            raise where.fault(what, column=name)
    for name, code in fixed.items():
        if code not in index.get(name, ()):
            what = f"has no category '{code}'; it has {', '.join(index.get(name, ())[:12])}."
            raise where.fault(what, column=name)
        table = table[table[name] == code]
    unknown = sorted(set("".join(table["status"])) - set(FLAGS))
    if unknown:
        what = f"the letter {unknown[0]!r} is unknown; known are {', '.join(FLAGS)}."
        raise where.fault(what, column="status")
    return table.assign(flag=[_flag(letters) for letters in table["status"]])


def _flag(letters: str) -> str:
    return " ".join(sorted({FLAGS[letter] for letter in letters} - {""}))
