"""A dataset with indicators of one's own, in memory; `layers.own_folder` writes it.

The extended dataset is a dataset like any other. Its version says that and of what it is made:
``2026.1+eigene.1f3a90c2`` ends with the beginning of a hash of all that was added, so that a
citation or a recipe made with it cannot be mistaken for one of the official data.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.catalogue import INDEX, Catalogue, Direction, Indicator, Layer, Text
from layers.dataset import Source
from layers.errors import DatasetError
from layers.own_folder import MARK, is_extended, write
from layers.plain import plain
from layers.tables import FLAGS
from layers.texts import texts
from layers.toml import validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.dataset import Dataset

__all__ = ["OWN_LAYER", "OwnData", "extend", "is_extended", "own_indicators", "write"]

#: Layer for what fits no other; it is made when it is needed.
OWN_LAYER = "own"
#: How ids of one's own begin, so that they never meet those of a later official version.
_PREFIX = "own_"
#: Hexadecimal digits of the hash in a version: enough to tell apart what one person makes.
_DIGITS = 8
#: Beyond this, squares and ranges of values would leave the range of floating-point numbers.
_HUGE = 1e100
_YEARS = (1, 9999)
_TEXTS = Path(__file__).with_suffix(".toml")
_CATEGORIES = ("indicator", "flag", "source")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class OwnData:
    """What somebody says about data of their own.

    Attributes
    ----------
    name : str
        Of the indicator.
    layer : str
        Id of a layer, `OWN_LAYER`, or the name of a new layer.
    unit : str
        As it is to stand behind values.
    direction : str
        "+" more means more potential, "-" less, "0" shown but not scored.
    year : int
        That the values stand for.
    source : str
        Where they come from, in the words that exports and citations shall carry; the file's name
        if empty.
    file, code : str
        File, and column or measure in it.
    contested : bool
        Whether experts disagree about the direction.
    """

    name: str
    layer: str
    unit: str
    direction: Direction
    year: int
    source: str = ""
    file: str = ""
    code: str = ""
    contested: bool = False

    def add_to(
        self, dataset: Dataset, values: pd.Series, flags: pd.Series | None = None
    ) -> Dataset:
        """Return `dataset` with these values as a further indicator; see `extend`."""
        dataset, name = dataset.plain, plain(self.name)
        if not name:
            raise DatasetError("own data: the indicator has no name; give one.", code="own_name")
        key = _free(_PREFIX + (_slug(name) or "indicator"), dataset.catalogue.indicator_by_id)
        file, code = plain(self.file) or name, plain(self.code) or name
        told = self._told(file)
        same = [one for one, known in dataset.sources.items() if known == told]
        source = same[0] if same else _free(_PREFIX + (_slug(file) or "data"), dataset.sources)
        content = {
            "id": key, "name": name, "unit": plain(self.unit), "direction": self.direction,
            "contested": self.contested, "decimals": _decimals(values), "source": source,
            "source_code": code, "definition": _words("definition", file=file, code=code),
            "rationale": _words("rationale"),
        }  # fmt: skip
        indicator = validate(Indicator, content, where="own data", error=DatasetError)
        return extend(
            dataset, indicator, values, told, layer=self._layer(dataset.catalogue),
            year=self.year, flags=flags,
        )  # fmt: skip

    def _told(self, file: str) -> Source:
        attribution = plain(self.source, 300, addresses=True) or _words("attribution", file=file).de
        return Source(
            title=_words("source_title", file=file), publisher=_words("publisher").de,
            licence="not-stated", attribution=attribution, edition=str(self.year),
            licence_note=_words("licence_note"),
        )  # fmt: skip

    def _layer(self, catalogue: Catalogue) -> str | Layer:
        if self.layer in catalogue.layer_by_id:
            return self.layer
        if self.layer == OWN_LAYER:
            name, key = _words("layer"), OWN_LAYER
        else:
            text = plain(self.layer)
            same = [one.id for one in catalogue.layers if text in (one.name.de, one.name.en)]
            if same:
                return same[0]
            name = Text(de=text, en=text)
            key = _free(_PREFIX + (_slug(text) or "layer"), catalogue.layer_by_id)
        content = {"id": key, "name": name, "description": _words("layer_description")}
        return validate(Layer, content, where="own data", error=DatasetError)


def extend(
    dataset: Dataset, indicator: Indicator, values: pd.Series, source: Source, *,
    layer: str | Layer, year: int, flags: pd.Series | None = None,
) -> Dataset:  # fmt: skip
    """Return a dataset that holds one indicator more; the given one stays as it is.

    Parameters
    ----------
    indicator : Indicator
        Its `source` is the key under which `source` is listed.
    values : Series of float
        By region, in the indicator's unit; NaN is a gap. Regions that are not named have a gap.
    source : Source
        Where the values come from and on which terms.
    layer : str or Layer
        Id of a layer that is there, or a new layer.
    year : int
        Year of all values.
    flags : Series of str, optional
        Flag words by region.

    Raises
    ------
    DatasetError
        If an id is taken, a layer, region or flag is unknown, a value is infinite or too large,
        a region occurs twice, or there is no value at all.
    """
    dataset = dataset.plain
    rows = _rows(dataset, indicator, values, year, flags)
    known = dataset.sources.get(indicator.source)
    if known is not None and known != source:
        msg = f"own data: there is a source '{indicator.source}' already; choose another key."
        raise DatasetError(msg)
    catalogue = _with(dataset.catalogue, indicator, layer)
    content = {
        "indicator": indicator.model_dump(mode="json"), "layer": catalogue.layer_of[indicator.id],
        "source": source.model_dump(mode="json"), "before": dataset.version, "year": year,
    }  # fmt: skip
    return replace(
        dataset, version=_version(dataset.version, content, rows), catalogue=catalogue,
        title=_title(dataset), values=_joined(dataset.values, rows),
        sources=dataset.sources | {indicator.source: source},
    )  # fmt: skip


def own_indicators(dataset: Dataset) -> tuple[Indicator, ...]:
    """Return the indicators that somebody added, in display order."""
    if not is_extended(dataset.version):
        return ()
    known = dataset.catalogue.indicator_by_id.values()
    return tuple(one for one in known if one.id.startswith(_PREFIX))


def _rows(
    dataset: Dataset, indicator: Indicator, values: pd.Series, year: int, flags: pd.Series | None
) -> pd.DataFrame:
    """Rows of the long table, checked."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    keys = values.index.astype("str")
    faults = {
        "has the id of an indicator that is there already": indicator.id
        in dataset.catalogue.indicator_by_id,
        f"has the year {year}; years from {_YEARS[0]} to {_YEARS[1]} are allowed": not _YEARS[0]
        <= year
        <= _YEARS[1],
        "names a region twice": bool(keys.has_duplicates),
        "names regions that the dataset does not have": not keys.isin(dataset.regions.index).all(),
        f"holds a value that is infinite or beyond {_HUGE:g}": bool((numbers.abs() > _HUGE).any()),
        "holds no value for any region": not numbers.notna().any(),
    }
    for fault, hit in faults.items():
        if hit:
            raise DatasetError(f"own data: '{indicator.id}' {fault}.", code="own_refused")
    words = pd.Series("", index=values.index) if flags is None else flags.reindex(values.index)
    words = words.fillna("").astype("str")
    if unknown := {word for one in words for word in one.split()} - FLAGS:
        allowed = ", ".join(sorted(FLAGS))
        raise DatasetError(f"own data: unknown flag '{min(unknown)}'; allowed: {allowed}.")
    table = pd.DataFrame(
        {
            "region": np.asarray(keys), "indicator": indicator.id, "year": year,
            "value": numbers.to_numpy(), "flag": words.to_numpy(), "source": "",
        }
    )  # fmt: skip
    return table[table["value"].notna() | table["flag"].str.contains("withheld")]


def _joined(before: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Put rows below a long table whose words are categories, without spelling those out."""
    parts = [before.copy(deep=False), rows.astype({"region": before["region"].dtype})]
    for column in _CATEGORIES:
        fresh = pd.Index(rows[column].unique()).difference(before[column].cat.categories)
        parts[0][column] = before[column].cat.add_categories(fresh)
        parts[1][column] = rows[column].astype(parts[0][column].dtype)
    parts[1]["year"] = parts[1]["year"].astype(before["year"].dtype)
    return pd.concat(parts, ignore_index=True)[list(before.columns)]


def _with(catalogue: Catalogue, indicator: Indicator, layer: str | Layer) -> Catalogue:
    if isinstance(layer, str):
        if layer not in catalogue.layer_by_id:
            known = ", ".join(catalogue.layer_by_id)
            raise DatasetError(f"own data: unknown layer '{layer}'; layers: {known}.")
        grown = [
            one.model_copy(update={"indicators": (*one.indicators, indicator)})
            if one.id == layer else one
            for one in catalogue.layers
        ]  # fmt: skip
    else:
        fresh = layer.model_copy(update={"parent": INDEX, "indicators": (indicator,)})
        grown = [*catalogue.layers, fresh]
    return validate(Catalogue, {"layers": grown}, where="own data", error=DatasetError)


def _version(before: str, content: Mapping[str, Any], rows: pd.DataFrame) -> str:
    """Version before the first addition, and a hash of the additions."""
    listed = rows.sort_values("region")[["region", "value", "flag"]].to_numpy().tolist()
    # The writing of a float gives back the same float, so that equal hashes mean equal numbers.
    text = json.dumps([content, [[key, repr(value), flag] for key, value, flag in listed]])
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
    return f"{before.partition(MARK)[0]}{MARK}{digest}"


def _title(dataset: Dataset) -> Text:
    if is_extended(dataset.version):
        return dataset.title
    told = texts(_TEXTS)["title"]
    return Text(
        de=told.de.format(title=dataset.title.de), en=told.en.format(title=dataset.title.en)
    )


def _words(key: str, /, **values: str) -> Text:
    told = texts(_TEXTS)[key]
    return Text(de=told.de.format(**values), en=told.en.format(**values))


def _slug(name: str) -> str:
    bare = (
        unicodedata.normalize("NFKD", name.casefold().translate(_UMLAUTS))
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")[:40]


def _free(key: str, taken: Mapping[str, object]) -> str:
    """Return the key, with a number behind it if it is taken."""
    numbered = (f"{key}_{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (key, *numbered) if one not in taken)


def _decimals(values: pd.Series) -> int:
    """Return decimals that tell values apart: none for whole numbers, more for small ones."""
    numbers = pd.to_numeric(values, errors="coerce").dropna().abs()
    if numbers.empty or bool((numbers % 1 == 0).all()):
        return 0
    largest = float(numbers.max())
    return 1 if largest >= 10 else 2 if largest >= 1 else 3  # noqa: PLR2004 -- powers of ten
