"""One dataset folder: read it, check it, and pick the values of a year.

The format (version 1) is a contract and is described in docs/pages/reference. Nothing here is
German or about Kreise: a folder of municipalities, NUTS 3 regions or countries is read by the same
code.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from layers import inside, lenses, tables
from layers.catalogue import Catalogue, Text
from layers.errors import DatasetError
from layers.plain import harmless, unmarked
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from layers.lenses import Lens

__all__ = ["FORMAT", "PLAIN", "Attribute", "Dataset", "Selection", "Source"]

#: Version of the folder format that this code reads and writes.
FORMAT = 1
#: Key of a view under which the dataset lies of which it is one.
PLAIN = "as opened"
#: Words that stand wherever values are shown.
_Words = Annotated[str, AfterValidator(harmless), Field(max_length=10_000)]
#: An address that a page may lead to, which no script is.
_Address = Annotated[str, Field(pattern=r"^(https?://[^\s<>\"']*)?$", max_length=4_000)]


class Source(BaseModel):
    """Where values come from and on which terms; shown wherever they are shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text
    publisher: _Words
    licence: _Words
    licence_url: _Address = ""
    attribution: _Words
    edition: _Words = ""
    retrieved: _Words = ""
    url: _Address = ""
    copy_from: _Words = Field(default="", alias="copy")
    cite: _Words = ""
    licence_status: Literal["confirmed", "to-confirm"] = "to-confirm"
    licence_note: Text = Text(de="", en="")
    changes: Text = Text(de="", en="")


class Attribute(BaseModel):
    """Words for one attribute column of the regions table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    note: Text = Text(de="", en="")
    values: dict[str, Text] = {}


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    title: Text
    version: str = Field(pattern=r"^[^\s/\\<>\[\]`]{1,80}$")
    created: Any = ""
    region_level: str = Field(default="region", pattern=r"^\w[\w .-]{0,59}$")
    gebietsstand: Any = ""
    files: dict[str, str] = {}


@dataclass(frozen=True)
class Selection:
    """One value per region and indicator, with its year and flag.

    Attributes
    ----------
    values : DataFrame
        Regions x indicators, in the indicators' units; NaN is a gap.
    years : Series
        Year per indicator; 0 where the indicator has no value at all.
    flags : DataFrame
        Regions x indicators, flag words of each value.
    """

    values: pd.DataFrame
    years: pd.Series
    flags: pd.DataFrame


@dataclass(frozen=True)
class Dataset:
    """A checked dataset folder in memory; treat the frames as read-only.

    Attributes
    ----------
    values : DataFrame
        Long table: region, indicator, year, value, flag, source ("" = the catalogue's source).
    regions : DataFrame
        Indexed by region; column ``name`` and the attributes that filters use.
    notices : tuple of str
        What was repaired or looked odd while reading.
    lenses : dict
        Other groupings of the indicators, by id.
    lens : str
        The one through which this dataset is seen; "" for the catalogue's own layers.
    views : dict
        This dataset as recipes see it, kept by `layers.seen`.
    """

    id: str
    version: str
    title: Text
    catalogue: Catalogue
    values: pd.DataFrame
    regions: pd.DataFrame
    sources: dict[str, Source]
    attributes: dict[str, Attribute]
    path: Path
    region_level: str = "region"
    gebietsstand: str = ""
    notices: tuple[str, ...] = ()
    lenses: dict[str, Lens] = field(default_factory=dict)
    lens: str = ""
    views: dict[Hashable, Dataset] = field(default_factory=dict, init=False, repr=False)
    # Not handed on by `dataclasses.replace`, as are the views: other values, other selections.
    _selections: dict[int | None, Selection] = field(default_factory=dict, init=False, repr=False)
    _sources: dict[tuple[str, int], Source] = field(default_factory=dict, init=False, repr=False)
    _named: dict[tuple[str, int], frozenset[str]] = field(
        default_factory=dict, init=False, repr=False
    )
    _by_year: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def open(cls, path: str | Path) -> Dataset:
        """Read and check the dataset folder at `path`.

        Raises
        ------
        DatasetError
            With file, row and column of the first fault.
        """
        folder = Path(path)
        if not folder.is_dir():
            msg = f"{folder}: there is no such dataset folder."
            raise DatasetError(msg)
        inside.check_links(folder, ("catalogue", lenses.FOLDER), DatasetError)
        head = validate(
            _Head, read_toml(folder / "dataset.toml", DatasetError),
            where=str(folder / "dataset.toml"), error=DatasetError,
        )  # fmt: skip
        changed = _changed_files(folder, head.files)
        with _telling(changed):
            catalogue = Catalogue.load(folder / "catalogue")
            sources = _read_models(folder / "sources.toml", Source)
            _check_sources(catalogue, sources, folder)
            values, regions, notices = _read_tables(folder, catalogue, sources)
        return cls(
            id=head.id, version=head.version, title=head.title, catalogue=catalogue,
            values=values, regions=regions, sources=sources,
            attributes=_read_models(folder / "attributes.toml", Attribute, optional=True),
            path=folder, region_level=head.region_level,
            gebietsstand=unmarked(harmless(str(head.gebietsstand))),
            notices=(*changed, *notices),
            lenses=lenses.load(folder, catalogue),
        )  # fmt: skip

    @property
    def reference(self) -> str:
        """``id@version``, as recipes and exports name the dataset."""
        return f"{self.id}@{self.version}"

    @property
    def plain(self) -> Dataset:
        """The dataset as it was opened or extended, whatever recipe has seen it since."""
        return self.views.get(PLAIN, self)

    def with_regions(self, regions: pd.DataFrame, attributes: dict[str, Attribute]) -> Dataset:
        """Return the dataset with other columns of the same regions."""
        other = replace(self, regions=regions, attributes=attributes)
        # Values and catalogue are the same, so what was selected from them is, too.
        object.__setattr__(other, "_selections", self._selections)
        object.__setattr__(other, "_sources", self._sources)
        object.__setattr__(other, "_named", self._named)
        object.__setattr__(other, "_by_year", self._by_year)
        return other

    def named_sources(self) -> Mapping[tuple[str, int], frozenset[str]]:
        """Keys of the sources that the rows of an indicator and year name; "" is the catalogue's.

        Looked up once, as every file and every page tells them.
        """
        if not self._named:
            told = ["indicator", "year", "source"]
            found: dict[tuple[str, int], set[str]] = {}
            for indicator, year, source in (
                self.values[told].drop_duplicates().itertuples(index=False)
            ):
                found.setdefault((str(indicator), int(year)), set()).add(str(source))
            self._named.update({key: frozenset(named) for key, named in found.items()})
        return self._named

    def source_of(self, indicator: str, year: int) -> Source:
        """Source of the values of `indicator` in `year`."""
        if (indicator, year) not in self._sources:
            self._sources[indicator, year] = self._find_source(indicator, year)
        return self._sources[indicator, year]

    def _find_source(self, indicator: str, year: int) -> Source:
        rows = self.values[self.values["indicator"] == indicator]
        given = rows.loc[rows["year"] == year, "source"]
        key = given.iloc[0] if len(given) and given.iloc[0] else None
        return self.sources[key or self.catalogue.indicator_by_id[indicator].source]

    def by_year(self, indicator: str) -> pd.DataFrame:
        """Values of an indicator, regions x years, for the years in which any region has one.

        Kept, 80 kB for 400 regions and 25 years; do not change it.
        """
        if indicator not in self._by_year:
            rows = self.values[self.values["indicator"] == indicator]
            rows = rows[rows["value"].notna()]
            self._by_year[indicator] = rows.pivot_table(
                index="region", columns="year", values="value", aggfunc="first"
            ).reindex(self.regions.index)  # fmt: skip
        return self._by_year[indicator]

    def select(self, year: int | None = None) -> Selection:
        """Pick, per indicator, the newest year (not after `year`) in which any region has a value.

        All regions of one indicator come from the same year, so that they can be compared; a
        region without a value in that year has a gap. ``None`` means the newest year of all.
        """
        if year not in self._selections:
            self._selections[year] = _select(self, year)
        return self._selections[year]


def _read_models(path: Path, model: type[Any], *, optional: bool = False) -> dict[str, Any]:
    if optional and not path.is_file():
        return {}
    content = read_toml(path, DatasetError)
    return {
        key: validate(model, entry, where=f"{path} [{key}]", error=DatasetError)
        for key, entry in content.items()
    }


def _check_sources(catalogue: Catalogue, sources: dict[str, Source], folder: Path) -> None:
    for indicator in catalogue.indicator_by_id.values():
        if indicator.source not in sources:
            msg = (
                f"{folder / 'catalogue'}: indicator '{indicator.id}' names the source "
                f"'{indicator.source}', which sources.toml lacks; known: {', '.join(sources)}."
            )
            raise DatasetError(msg)


def _read_tables(
    folder: Path, catalogue: Catalogue, sources: dict[str, Source]
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    path = tables.find_table(folder, "values")
    if path is None:
        msg = f"{folder}: neither values.parquet nor values.csv is there."
        raise DatasetError(msg)
    values = tables.check_values(tables.read_table(path), path)
    tables.check_known(values["indicator"], catalogue.indicator_by_id, "the catalogue", path)
    tables.check_known(values["source"], ["", *sources], "sources.toml", path)
    regions = _read_regions(folder, values)
    values["region"], notices = tables.match_keys(values["region"], regions.index, path)
    if values.empty:
        msg = f"{path}: holds no values; at least one row with a value is needed."
        raise DatasetError(msg)
    values = values.reset_index(drop=True)
    for column in ("indicator", "flag", "source"):
        values[column] = values[column].astype("category")
    return values, regions, notices


def _read_regions(folder: Path, values: pd.DataFrame) -> pd.DataFrame:
    path = tables.find_table(folder, "regions")
    if path is None:
        keys = pd.Index(sorted(values["region"].unique()), name="region")
        return pd.DataFrame({"name": keys}, index=keys)
    regions = tables.read_table(path)
    tables.require_columns(regions, ("region", "name"), path)
    regions = tables.harmless_text(regions)
    if path.suffix == ".csv":
        regions = tables.infer_numbers(regions, keep=("region", "name"))
    keys = tables.check_keys(regions["region"], path, unique=True)
    return regions.assign(region=keys).set_index("region")


@contextmanager
def _telling(changed: list[str]) -> Iterator[None]:
    """Say with a fault which files are not those that were written: one cut off, for example."""
    try:
        yield
    except DatasetError as fault:
        if not changed:
            raise
        raise DatasetError(" ".join([str(fault), *changed]), code=fault.code) from fault


def _changed_files(folder: Path, recorded: dict[str, str]) -> list[str]:
    notices = []
    for name, digest in recorded.items():
        path = inside.check_place(folder, name, str(folder / "dataset.toml"), DatasetError)
        if not path.is_file():
            msg = f"{folder / 'dataset.toml'}: lists the file '{name}', which is missing."
            raise DatasetError(msg)
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            notices.append(f"{path}: was changed after version and hash were recorded.")
    return notices


def _select(dataset: Dataset, year: int | None) -> Selection:
    table = dataset.values
    usable = table["value"].notna()
    if year is not None:
        usable &= table["year"] <= year
    indicators = list(dataset.catalogue.indicator_by_id)
    newest = table[usable].groupby("indicator", observed=True)["year"].max()
    years = newest.reindex(indicators).fillna(0).astype("int64")
    wanted = table[table["year"].to_numpy() == table["indicator"].map(years).to_numpy()]
    rows = dataset.regions.index.get_indexer(pd.Index(wanted["region"]))
    columns = pd.Index(indicators).get_indexer(pd.Index(wanted["indicator"]))
    shape = (len(dataset.regions), len(indicators))
    values, flags = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    values[rows, columns] = wanted["value"].to_numpy()
    flags[rows, columns] = wanted["flag"].to_numpy()
    index = dataset.regions.index
    return Selection(
        values=pd.DataFrame(values, index=index, columns=indicators),
        years=years,
        flags=pd.DataFrame(flags, index=index, columns=indicators),
    )
