"""The proof of the update: fetched from a server of our own, the dataset is that of the files."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from server import HASTY, Replay

from geo.renew import BOUNDARIES, CROSSWALK, REGIONS, renew
from layers.dataset import Dataset
from layers.errors import SourceError
from layers.home import Home
from layers.sources.fetch.collect import Collector
from layers.sources.fetch.credentials import Credentials
from layers.sources.fetch.http import Client
from layers.sources.fetch.plan import FetchPlan
from layers.sources.fetch.snapshot import Store
from layers.sources.fetch.supply import sources_of
from layers.sources.inkar import bulk
from layers.sources.plan import Plan
from layers.toml import read_toml
from layers.update import Updater

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.update import Outcome

ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / "data" / "kreise"
DEFINITIONS = ROOT / "data" / "definitions" / "kreise"
RAW = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not RAW.is_dir(), reason="the publishers' files (../shared/data) are not here"
)


def test_the_update_gives_the_dataset_of_the_file_build_to_the_byte(
    updated: tuple[Updater, Outcome],
) -> None:
    updater, outcome = updated
    assert outcome.switched
    built = updater.home.version(outcome.version)
    files = sorted(path.relative_to(EMBEDDED) for path in EMBEDDED.rglob("*") if path.is_file())
    assert sorted(path.relative_to(built) for path in built.rglob("*") if path.is_file()) == files
    writers = [
        pq.read_metadata(folder / "values.parquet").created_by for folder in (built, EMBEDDED)
    ]
    if writers[0] != writers[1]:
        pytest.skip(f"other Parquet writer ({writers[0]}) than that of the embedded folder")
    for name in files:
        if name.name != "dataset.toml":
            assert (built / name).read_bytes() == (EMBEDDED / name).read_bytes(), name
    heads = [read_toml(folder / "dataset.toml", SourceError) for folder in (built, EMBEDDED)]
    assert heads[0] | {"version": ""} == heads[1] | {"version": ""}


def test_the_update_says_what_it_brought(updated: tuple[Updater, Outcome]) -> None:
    _, outcome = updated
    indicator, year = "unemployment_rate", 2023
    row = outcome.changes.indicators.loc[indicator]
    assert outcome.changes.indicators.index.tolist() == [indicator]
    assert (row["added"], row["newest_before"], row["newest_after"]) == (400, 2021, year)
    assert outcome.quality.errors == ()
    assert len(outcome.fetched) == len(FetchPlan.load(DEFINITIONS / "fetch.toml").choose(()))


def test_the_report_of_the_build_says_what_was_lost_and_why(
    updated: tuple[Updater, Outcome],
) -> None:
    report = updated[1].report
    assert (report.indicators["regions"] >= 395).all()
    assert report.indicators.loc["median_wage", "gaps"] == 1
    text = str(report)
    assert "left out: municipal_tax_power 1997-1997, 8 values" in text
    assert "gap: median_wage 16063 2020" in text


def test_some_files_alone_leave_all_other_values_as_they_were(older: Path, tmp_path: Path) -> None:
    feeds, target = frozenset({"arvig", "europawahl:2019", "europawahl:2024"}), tmp_path / "new"
    report = renew(RAW, DEFINITIONS, target, base=older / "kreise", feeds=feeds)
    # The election of 2019 was counted in the borders of that year.
    (note,) = report.dropped
    assert note.startswith("far_right_share (europawahl 2019): holds Kreise of former borders")
    columns = ["indicator", "region", "year", "value", "flag", "source"]
    opened = [Dataset.open(folder) for folder in (older / "kreise", target)]
    tables = [one.values[columns].astype({"indicator": "str"}) for one in opened]
    ordered = [one.sort_values(columns[:3], ignore_index=True) for one in tables]
    assert ordered[0].equals(ordered[1])
    assert (target / "regions.parquet").read_bytes() == (EMBEDDED / "regions.parquet").read_bytes()


def bulk_file(dataset: Dataset, *, area: str = "LRB") -> bytes:
    """Return a file in the form of INKAR 2025: the newest values of each series, grown by 1 %."""
    lines = [";".join(bulk.HEADER)]
    newest = dataset.select().values
    for number, one in enumerate(Plan.load(DEFINITIONS / "newer" / "series.toml").series):
        code = one.code.removeprefix("LRB/")
        values = (newest[one.indicator] * 1.01).dropna()
        lines += [
            f"{area};{number};{code};Name;Kreise;{key}000;Kreis;{one.years[0]};{value:.4f}".replace(
                ".", ","
            )
            for key, value in values.items()
        ]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inkar_2025.csv", "\ufeff" + "\n".join([*lines, ""]))
    return packed.getvalue()


@pytest.fixture
def newer(tmp_path: Path) -> Iterator[tuple[Updater, Replay]]:
    """Return an updater of the embedded dataset whose server may have INKAR 2025."""
    definitions = Path(shutil.copytree(DEFINITIONS, tmp_path / "definitions"))
    replay, path = Replay(), definitions / "fetch.toml"
    text = path.read_text(encoding="utf-8")
    spec = next(one for one in FetchPlan.load(path).file if "inkar2025" in one.sources)
    path.write_text(text.replace(spec.url, replay.url("inkar_2025.zip")), encoding="utf-8")
    home = Home(tmp_path / "home")
    client = Client(home.folder / "fetched", Credentials(), HASTY)
    collector = Collector(client, Store(home.folder), sources_of(definitions))
    yield Updater(home, definitions, collector, renew), replay
    replay.close()


def test_a_newer_edition_adds_its_years_and_leaves_the_others(
    newer: tuple[Updater, Replay],
) -> None:
    updater, replay = newer
    before = Dataset.open(EMBEDDED)
    replay.put("inkar_2025.zip", bulk_file(before))
    outcome = updater.run(["inkar2025"])
    assert outcome.switched
    after = Dataset.open(updater.home.active())
    series = Plan.load(DEFINITIONS / "newer" / "series.toml").series
    assert set(outcome.changes.indicators.index) == {one.indicator for one in series}
    assert (outcome.changes.indicators[["removed", "changed"]] == 0).all(axis=None)
    assert outcome.changes.largest.empty
    for one in series:
        assert one.years is not None
        assert after.select().years[one.indicator] == one.years[0]
        assert after.source_of(one.indicator, one.years[0]).edition == "2025"
        last = before.select().values[one.indicator].dropna()
        now = after.select().values[one.indicator].reindex(last.index)
        assert now.to_numpy() == pytest.approx(1.01 * last.to_numpy(), abs=1e-4)
    (entry,) = outcome.fetched
    assert after.sources["inkar2025"].retrieved == entry.retrieved[:10]


def test_an_edition_of_another_form_changes_nothing(newer: tuple[Updater, Replay]) -> None:
    updater, replay = newer
    replay.put("inkar_2025.zip", bulk_file(Dataset.open(EMBEDDED), area="Raumbeobachtung"))
    with pytest.raises(SourceError, match=r"LRB"):
        updater.run(["inkar2025"])
    assert updater.home.active() == EMBEDDED


def test_what_neither_files_nor_the_version_before_hold_is_named(
    older: Path, tmp_path: Path
) -> None:
    base = Path(shutil.copytree(older / "kreise", tmp_path / "base"))
    table = pq.read_table(base / "values.parquet").to_pandas()
    table[table["indicator"] != "median_wage"].to_parquet(base / "values.parquet", index=False)
    with pytest.raises(SourceError, match=r"no values of 'median_wage' to take over; fetch its"):
        renew(RAW, DEFINITIONS, tmp_path / "new", base=base, feeds=frozenset({"arvig"}))
    assert not (tmp_path / "new").exists()


def test_every_file_of_the_build_is_in_the_fetch_definition() -> None:
    plan = FetchPlan.load(DEFINITIONS / "fetch.toml")
    fed = {feed for one in plan.file for feed in one.feeds}
    series = Plan.load(DEFINITIONS / "build.toml").series
    readers = {(one.reader, one.table) for one in series}
    readers |= {
        (one.denominator_reader, one.denominator_table) for one in series if one.denominator_reader
    }
    lacking = [
        f"{reader}:{table}"
        for reader, table in sorted(readers)
        if not {reader, f"{reader}:{table}"} & fed
    ]
    assert lacking == []
    assert {CROSSWALK, REGIONS, BOUNDARIES} <= fed


def test_what_the_definition_says_of_its_files_is_true() -> None:
    from layers.sources.fetch.download import digest

    sources = sources_of(DEFINITIONS)
    for one in FetchPlan.load(DEFINITIONS / "fetch.toml").choose(()):
        assert digest(RAW / one.place) == one.known, one.place
        assert set(one.sources) <= set(sources), one.place
