"""The dataset, rebuilt from files in their publishers' own formats: what an office must be able to.

`printing` says which of the files are true and which were printed from a copy.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import printing
import pytest
from typer.testing import CliRunner

from geo import kreise
from layers import Dataset
from layers.build import BuildReport
from layers.catalogue import Catalogue
from layers.sources import bundeswahlleiterin, deutschlandatlas
from layers.sources.longtable import COLUMNS
from layers.sources.plan import Plan, SeriesPlan

ROOT = Path(__file__).parents[3]
EMBEDDED, DEFINITIONS = ROOT / "data" / "kreise", ROOT / "data" / "definitions" / "kreise"
#: Readers of tables that somebody gathered or reworked.
REWORKED = {"gathered", "badata", "europawahl", "umsteigeschluessel", "zensus"}
#: Years of `turnout_federal` that the dataset has from a copy with shares in later borders.
MOVED_ELECTIONS = range(1990, 2022)
#: Kreise that got or gave land between 2017 and 2021, all in Thüringen.
CHANGED_SINCE_2017 = {"16054", "16056", "16063", "16066", "16070", "16072", "16073"}
needs_raw = pytest.mark.skipif(
    not printing.RAW.is_dir(), reason="the publishers' files (../shared/data) are not here"
)


@pytest.fixture(scope="module")
def official() -> Plan:
    return Plan.load(DEFINITIONS / "official.toml")


@pytest.fixture(scope="module")
def office(official: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an office that has all the publishers' files."""
    folder = tmp_path_factory.mktemp("office")
    printing.print_all(folder, official)
    return folder


@pytest.fixture(scope="module")
def built(office: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, BuildReport]:
    target = tmp_path_factory.mktemp("official") / "kreise"
    report = kreise.build(office, DEFINITIONS, target, plan="official.toml")
    return Dataset.open(target), report


def values(dataset: Dataset, *, moved_elections: bool = False) -> pd.DataFrame:
    rows = dataset.values
    moved = (rows["indicator"] == "turnout_federal") & rows["year"].isin(MOVED_ELECTIONS)
    chosen = rows[moved if moved_elections else ~moved]
    return chosen.set_index(["indicator", "region", "year"]).sort_index()


def rules(plan: Plan) -> dict[str, set[tuple[str, str, float]]]:
    """How the values of each indicator are moved and calculated, whatever they are read from."""
    found: dict[str, set[tuple[str, str, float]]] = {}
    for one in plan.series:
        found.setdefault(one.indicator, set()).add((one.kind, one.reweight, one.factor))
    return found


def drops(series: tuple[SeriesPlan, ...]) -> set[tuple[str, str]]:
    return {(one.indicator, drop.model_dump_json()) for one in series for drop in one.drop}


def test_no_indicator_of_the_catalogue_lacks_a_series(official: Plan) -> None:
    catalogue = Catalogue.load(DEFINITIONS / "catalogue")
    assert {one.indicator for one in official.series} == set(catalogue.indicator_by_id)


def test_no_series_reads_what_somebody_gathered_or_reworked(official: Plan) -> None:
    readers = {name for one in official.series for name in (one.reader, one.denominator_reader)}
    assert readers.isdisjoint(REWORKED)


def test_what_is_left_out_and_how_values_are_moved_is_as_in_the_other_plan(official: Plan) -> None:
    other = Plan.load(DEFINITIONS / "build.toml")
    there, here = rules(other), rules(official)
    differing = {indicator for indicator in there if there[indicator] != here[indicator]}
    assert differing == {"turnout_federal"}  # counts here, shares there
    assert drops(other.series) <= drops(official.series)
    more = {indicator for indicator, _ in drops(official.series) - drops(other.series)}
    assert more == {"protection_seekers_share"}  # zeros that the gathered table has as gaps


@needs_raw
def test_every_value_is_that_of_the_embedded_dataset_to_the_last_bit(
    built: tuple[Dataset, BuildReport],
) -> None:
    there, here = values(Dataset.open(EMBEDDED)), values(built[0])
    assert here.index.get_level_values("indicator").nunique() == 50
    pd.testing.assert_frame_equal(here, there, check_exact=True)


@needs_raw
def test_a_turnout_from_counts_is_the_share_that_the_copy_gives(
    built: tuple[Dataset, BuildReport],
) -> None:
    """The copy rounds its share once, we divide: they differ in the last of 17 digits."""
    there = values(Dataset.open(EMBEDDED), moved_elections=True)
    here = values(built[0], moved_elections=True)
    assert here.index.equals(there.index)
    assert len(here) == 9 * 400
    assert (here["value"] - there["value"]).abs().max() < 1e-12
    assert set(here["flag"]) == {"calculated"}


@pytest.mark.pinned
@needs_raw
def test_regions_and_borders_do_not_depend_on_the_plan(built: tuple[Dataset, BuildReport]) -> None:
    for name in ("regions.parquet", "boundaries.parquet", "sources.toml"):
        assert (built[0].path / name).read_bytes() == (EMBEDDED / name).read_bytes()


@needs_raw
def test_the_true_workbook_of_the_deutschlandatlas_says_the_same(
    official: Plan, tmp_path: Path
) -> None:
    """All but the turnout of 2025, which came after that workbook."""
    printing.copy_true_atlas(tmp_path)
    series = [
        one for one in official.series
        if one.reader == "deutschlandatlas" and one.indicator != "turnout_federal"
    ]  # fmt: skip
    assert len(series) == 4
    there = values(Dataset.open(EMBEDDED))["value"]
    for one in series:
        read = deutschlandatlas.read(tmp_path, one.code, one.table)
        assert tuple(read.columns) == COLUMNS
        year = int(read["year"].iloc[0])
        expected = there.xs((one.indicator, year), level=("indicator", "year"))
        pd.testing.assert_series_equal(
            read.set_index("region")["value"], expected, check_exact=True
        )


@needs_raw
def test_the_true_file_of_an_election_says_the_same_where_no_border_changed() -> None:
    path = printing.RAW / "formats" / "bundeswahlleiterin" / "btw2017kreis.csv"
    election = bundeswahlleiterin.read_election(path)
    voted, entitled = (
        bundeswahlleiterin.long(election, group).set_index("region")["value"]
        for group in ("Wähler", "Wahlberechtigte")
    )
    there = values(Dataset.open(EMBEDDED), moved_elections=True)["value"]
    expected = there.xs(("turnout_federal", 2017), level=("indicator", "year"))
    difference = (100 * voted / entitled - expected).abs()
    assert set(difference.index[~(difference < 1e-12)]) <= CHANGED_SINCE_2017
    assert (difference < 1e-12).sum() >= 394


def test_the_command_reads_the_plan_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from views.cli import cli

    asked: list[str] = []

    def build(*_: Path, plan: str, **__: object) -> BuildReport:
        asked.append(plan)
        return BuildReport(pd.DataFrame())

    monkeypatch.setattr(kreise, "build", build)
    words = ["data", "build", "--from", str(tmp_path), "-o", str(tmp_path / "new")]
    for more in ([], ["--official"]):
        assert CliRunner().invoke(cli, [*words, *more]).exit_code == 0
    assert asked == ["build.toml", "official.toml"]
