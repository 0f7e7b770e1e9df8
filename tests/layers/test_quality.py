"""Datasets to be covered: a good one, and one each with a broken key, a newest year that is nearly
empty, a lost indicator, a share above all, a change of unit, a leap, a national figure that is not
met."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from layers.catalogue import Catalogue
from layers.dataset import Dataset, Source
from layers.errors import DatasetError
from layers.paths import data_folder
from layers.quality import Finding, Quality, examine, per_indicator

if TYPE_CHECKING:
    from pathlib import Path

REGIONS = [f"R{n:02}" for n in range(40)]


def dataset(tmp_path: Path, values: dict[int, Any], *, unit: str = "%", flags: str = "") -> Dataset:
    """Make a dataset of one indicator; a scalar stands for all regions."""
    rows = pd.concat(
        [
            pd.DataFrame({"region": REGIONS, "year": year, "value": value}).assign(
                indicator="rate", flag=flags, source=""
            )
            for year, value in values.items()
        ]
    )
    indicator = {
        "id": "rate", "name": "Rate", "unit": unit, "direction": "+", "source": "office",
    }  # fmt: skip
    layer = {"id": "layer", "name": "Layer", "weight": 1.0, "indicator": [indicator]}
    people = pd.DataFrame(
        {"name": REGIONS, "population": np.arange(1.0, 41.0)},
        index=pd.Index(REGIONS, name="region"),
    )
    office = Source(title="Office", publisher="Office", licence="CC0-1.0", attribution="Office")
    return Dataset(
        id="made", version="1", title={"de": "Gemacht", "en": "Made"},
        catalogue=catalogue(tmp_path, layer), values=rows.reset_index(drop=True), regions=people,
        sources={"office": office}, attributes={}, path=tmp_path,
    )  # fmt: skip


def catalogue(folder: Path, layer: dict[str, Any]) -> Catalogue:
    import tomli_w

    (folder / "catalogue").mkdir(exist_ok=True)
    (folder / "catalogue" / "10.toml").write_text(tomli_w.dumps(layer), encoding="utf-8")
    return Catalogue.load(folder / "catalogue")


def spread(centre: float = 50.0, width: float = 10.0) -> np.ndarray:
    return centre + width * np.linspace(-1, 1, len(REGIONS))


def codes(quality: Quality) -> list[tuple[str, str]]:
    return [(one.severity, one.code) for one in quality.findings]


def only(quality: Quality) -> Finding:
    (finding,) = quality.findings
    return finding


def test_nothing_is_noticed_where_nothing_is_wrong(tmp_path: Path) -> None:
    quality = examine(dataset(tmp_path, {2020: spread(), 2021: spread(51)}))
    assert quality.findings == ()
    assert quality.errors == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [("region", "X1"), ("indicator", "songs"), ("year", 22), ("value", np.inf), ("flag", "nice")],
)
def test_a_broken_table_is_an_error_that_names_the_column(
    column: str, value: Any, tmp_path: Path
) -> None:
    made = dataset(tmp_path, {2020: spread()})
    broken = made.values.copy()
    broken.loc[0, column] = value
    quality = examine(replace(made, values=broken))
    assert quality.errors[0].code == "schema"
    assert quality.errors[0].detail.startswith(f"{column}: ")


def test_a_value_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    made = dataset(tmp_path, {2020: spread()})
    twice = pd.concat([made.values, made.values.head(1)], ignore_index=True)
    assert ("error", "schema") in codes(examine(replace(made, values=twice)))


def test_a_newest_year_that_is_nearly_empty_is_an_error(tmp_path: Path) -> None:
    newest = np.where(np.arange(40) < 3, 50.0, np.nan)
    finding = only(examine(dataset(tmp_path, {2019: spread(), 2020: spread(), 2021: newest})))
    assert (finding.severity, finding.code, finding.year) == ("error", "empty_year", 2021)
    assert finding.numbers == {"share": 3 / 40, "fuller": 2020}


def test_a_newest_year_with_gaps_is_a_warning(tmp_path: Path) -> None:
    newest = np.where(np.arange(40) < 36, spread(), np.nan)
    finding = only(examine(dataset(tmp_path, {2020: spread(), 2021: newest})))
    assert (finding.code, finding.numbers) == ("thin_year", {"share": 0.9})


def test_what_the_version_before_had_must_still_be_there(tmp_path: Path) -> None:
    before = dataset(tmp_path, {2020: spread(), 2021: spread()})
    older = dataset(tmp_path, {2020: spread()})
    assert codes(examine(older, before=before)) == [("error", "year_lost")]
    thinner = dataset(tmp_path, {2021: np.where(np.arange(40) < 30, spread(), np.nan)})
    found = {one.code: one for one in examine(thinner, before=before).findings}
    assert found["values_lost"].severity == "error"
    assert found["values_lost"].numbers["count"] == 10
    assert found["values_lost"].regions == tuple(REGIONS[30:38])
    other = catalogue(
        tmp_path, {"id": "layer", "name": "Layer", "weight": 1.0, "indicator": [
            {"id": "other", "name": "O", "unit": "%", "direction": "+", "source": "office"}]},
    )  # fmt: skip
    renamed = before.values.assign(indicator="other")
    lost = examine(replace(before, catalogue=other, values=renamed), before=before)
    assert ("error", "indicator_lost") in codes(lost)


def test_a_share_far_above_all_is_shown(tmp_path: Path) -> None:
    odd = spread()
    odd[7] = 181.0
    finding = only(examine(dataset(tmp_path, {2020: odd})))
    assert (finding.code, finding.regions, finding.numbers["value"]) == (
        "out_of_range", ("R07",), 181.0,
    )  # fmt: skip
    # A rate of change may lie below zero everywhere, and only a share has a natural end.
    assert codes(examine(dataset(tmp_path, {2020: spread(-5)}))) == []
    assert codes(examine(dataset(tmp_path, {2020: odd}, unit="per 1,000"))) == []


@pytest.mark.parametrize(
    ("factor", "severity"), [(1000, "error"), (0.1, "error"), (6, "warning"), (3, None)]
)
def test_a_change_of_unit_is_noticed(factor: float, severity: str | None, tmp_path: Path) -> None:
    made = dataset(tmp_path, {2020: spread(), 2021: factor * spread()}, unit="€")
    found = [one for one in examine(made).findings if one.code == "unit_change"]
    assert [one.severity for one in found] == ([severity] if severity else [])
    if found:
        assert found[0].numbers["factor"] == pytest.approx(factor)


def test_a_change_of_unit_that_was_mended_later_is_only_a_warning(tmp_path: Path) -> None:
    made = dataset(tmp_path, {2019: spread(), 2020: 10 * spread(), 2021: 10 * spread()}, unit="€")
    assert codes(examine(made)) == [("warning", "unit_change")]


def test_a_region_that_leaps_is_named_and_one_that_moves_with_all_is_not(tmp_path: Path) -> None:
    noise = np.sin(np.arange(40))
    newest = spread() + 5 + noise
    newest[3] += 30
    finding = only(examine(dataset(tmp_path, {2020: spread(), 2021: newest}, unit="€")))
    assert (finding.code, finding.regions, finding.numbers["before"]) == ("jump", ("R03",), 2020)
    quiet = spread()
    quiet[3] += 1e-9
    assert codes(examine(dataset(tmp_path, {2020: spread(), 2021: spread()}, unit="€"))) == []


def test_a_national_figure_that_is_not_met_is_told_with_its_origin(tmp_path: Path) -> None:
    made = dataset(tmp_path, {2020: spread()})
    mean = float(np.average(spread(), weights=np.arange(1.0, 41.0)))
    figure = tmp_path / "national.toml"
    text = '[[value]]\nindicator = "rate"\nyear = 2020\nvalue = {}\npublished = "Office, p. 3"\n'
    figure.write_text(text.format(mean * 1.01), encoding="utf-8")
    assert codes(examine(made)) == []
    figure.write_text(text.format(mean * 1.05), encoding="utf-8")
    finding = only(examine(made))
    assert (finding.code, finding.detail) == ("national", "Office, p. 3")
    assert finding.numbers["value"] == pytest.approx(mean, rel=1e-12)
    figure.write_text("[[value]]\nindicator = 'rate'\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"national\.toml: key 'year' is missing"):
        examine(made)


def test_each_indicator_is_listed_with_its_source_and_flags(tmp_path: Path) -> None:
    made = dataset(tmp_path, {2020: spread()}, flags="calculated reform")
    row = per_indicator(made).loc["rate"]
    assert (row["year"], row["regions"], row["coverage"], row["source"]) == (
        2020,
        40,
        1.0,
        "office",
    )
    assert (row["calculated"], row["reform"], row["withheld"]) == (40, 40, 0)


@pytest.fixture(scope="module")
def embedded() -> Quality:
    return examine(Dataset.open(data_folder() / "kreise"))


def test_the_embedded_dataset_has_no_error(embedded: Quality) -> None:
    assert embedded.errors == ()
    assert (embedded.indicators["coverage"] > 0.95).all()


def test_the_embedded_dataset_meets_the_figures_published_for_the_country(
    embedded: Quality,
) -> None:
    assert [one for one in embedded.findings if one.code == "national"] == []
