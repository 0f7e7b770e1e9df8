"""Shapes of input: a code and a ratio, withheld parts, a rule that hits nothing, doubled values,
denominators of zero, unknown readers, definitions that contradict each other, a failing writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from layers.build import Inputs, collect, publish, write_parquet, write_values
from layers.catalogue import Catalogue
from layers.dataset import Dataset
from layers.errors import DatasetError, SourceError
from layers.sources.longtable import long_table
from layers.sources.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REGIONS = pd.Index(["A", "B"])
NUMBERS: dict[str, dict[tuple[str, int], float]] = {
    "rate": {("A", 2020): 1.0, ("B", 2020): 2.0, ("A", 2021): 3.0},
    "jobs": {("A", 2020): 10.0, ("B", 2020): 30.0},
    "people": {("A", 2020): 50.0, ("B", 2020): 60.0},
    "secret": {("A", 2020): np.nan, ("B", 2020): 6.0},
    "none": {("A", 2020): 0.0, ("B", 2020): 6.0},
    "strange": {("X", 2020): 1.0},
    "endless": {("A", 2020): np.inf},
}


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    numbers = NUMBERS[code]
    regions, years = zip(*numbers, strict=True)
    value = pd.Series(list(numbers.values()))
    flag = pd.Series(np.where(value.isna(), "withheld", ""))
    return long_table(pd.Series(regions), pd.Series(years), value, flag)


def stay(table: pd.DataFrame, kind: str, reweight: str) -> tuple[pd.DataFrame, list[str]]:
    return table, []


def catalogue(*indicators: str) -> Catalogue:
    entries = [{"id": one, "name": one, "direction": "+", "source": "office"} for one in indicators]
    layer = {"id": "layer", "name": "Layer", "indicator": entries}
    return Catalogue.model_validate({"layers": [layer]})


def series(**changes: object) -> dict[str, object]:
    entry = {
        "indicator": "one", "reader": "office", "kind": "rate", "reweight": "none", "why": "test",
    }  # fmt: skip
    return {**entry, **changes}


def run(tmp_path: Path, *entries: Mapping[str, object]) -> tuple[pd.DataFrame, str]:
    plan = Plan.model_validate({"series": entries})
    known = catalogue(*dict.fromkeys(str(entry["indicator"]) for entry in entries))
    inputs = Inputs(tmp_path, {"office": read}, stay)
    values, report = collect(plan, inputs, catalogue=known, regions=REGIONS)
    return values, str(report)


def test_values_are_sorted_and_carry_their_source(tmp_path: Path) -> None:
    values, _ = run(
        tmp_path,
        series(indicator="two", code="rate", source="other"),
        series(code="rate", source="office", years=[2020, 2020]),
    )
    assert values[["indicator", "region", "year"]].to_numpy().tolist() == [
        ["one", "A", 2020], ["one", "B", 2020],
        ["two", "A", 2020], ["two", "A", 2021], ["two", "B", 2020],
    ]  # fmt: skip
    assert values["source"].tolist() == ["", "", "other", "other", "other"]


def test_a_ratio_divides_sums_of_counts_and_is_marked_as_calculated(tmp_path: Path) -> None:
    entry = series(numerator=["jobs", "people"], denominator=["people"], factor=100, kind="count")
    values, _ = run(tmp_path, entry)
    assert values["value"].tolist() == [100 * (10 + 50) / 50, 100 * (30 + 60) / 60]
    assert set(values["flag"]) == {"calculated"}


def test_a_ratio_with_a_withheld_part_is_withheld(tmp_path: Path) -> None:
    values, text = run(tmp_path, series(numerator=["jobs"], denominator=["secret"], kind="count"))
    assert values["value"].isna().tolist() == [True, False]
    assert values["flag"].tolist() == ["calculated withheld", "calculated"]
    assert "one" in text


def test_a_rule_leaves_out_what_it_means_and_says_so(tmp_path: Path) -> None:
    rule = {"why": "cannot be", "regions": ["A"], "years": [2021, 2021], "above": 2}
    values, text = run(tmp_path, series(code="rate", drop=[rule]))
    assert values["year"].tolist() == [2020, 2020]
    assert "left out: one 2021-2021, 1 values (A): cannot be" in text


def test_a_rule_that_hits_nothing_any_more_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"'one': the rule 'zero' hits no value any more"):
        run(tmp_path, series(code="rate", drop=[{"why": "zero", "equal": 0}]))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (
            [series(code="rate"), series(code="rate")],
            r"one, region A, 2020: the value occurs twice",
        ),
        ([series(code="strange")], r"region X, 2020: the value has a key that no region has"),
        ([series(code="endless")], r"the value is infinite"),
        (
            [series(numerator=["jobs"], denominator=["none"], kind="count")],
            r"region A, 2020: the value is infinite \(a denominator of zero\)",
        ),
        ([series(code="rate", years=[1990, 1991])], r"no value within the years \(1990, 1991\)"),
    ],
)
def test_impossible_values_stop_the_build(
    tmp_path: Path, entries: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        run(tmp_path, *entries)


def test_an_unknown_reader_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no reader 'press'; known: office"):
        run(tmp_path, series(code="rate", reader="press"))


def test_plan_and_catalogue_must_name_the_same_indicators(tmp_path: Path) -> None:
    plan = Plan.model_validate({"series": [series(code="rate")]})
    inputs = Inputs(tmp_path, {"office": read}, stay)
    with pytest.raises(DatasetError, match=r"without a series \['two'\], not in .* \['one'\]"):
        collect(plan, inputs, catalogue=catalogue("two"), regions=REGIONS)


@pytest.mark.parametrize("changes", [{}, {"code": "rate", "numerator": ["jobs"]}])
def test_a_series_is_a_code_or_a_ratio(tmp_path: Path, changes: dict[str, object]) -> None:
    path = tmp_path / "build.toml"
    lines = [f"{key} = {value!r}" for key, value in series(**changes).items()]
    path.write_text("\n".join(["[[series]]", *lines]), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"build.toml: .*needs either code, or numerator and"):
        Plan.load(path)


@pytest.fixture
def definitions(tmp_path: Path) -> Path:
    folder = tmp_path / "definitions"
    (folder / "catalogue").mkdir(parents=True)
    (folder / "catalogue" / "10_layer.toml").write_text(
        'id = "layer"\nname = "Layer"\n[[indicator]]\nid = "one"\nname = "One"\ndirection = "+"\n'
        'source = "office"\n',
        encoding="utf-8",
    )
    (folder / "sources.toml").write_text(
        '[office]\ntitle = "T"\npublisher = "P"\nlicence = "CC0-1.0"\nattribution = "P"\n',
        encoding="utf-8",
    )
    (folder / "dataset.toml").write_text(
        'format = 1\nid = "toy"\nversion = "1"\ntitle = "Toy"\n', encoding="utf-8"
    )
    return folder


def put(definitions: Path, target: Path, values: pd.DataFrame) -> None:
    table = pd.DataFrame({"region": REGIONS, "name": REGIONS})
    publish(
        definitions,
        target,
        tables={
            "values.parquet": lambda path: write_values(values, path),
            "regions.parquet": lambda path: write_parquet(table, path),
        },
        texts={name: definitions / name for name in ("catalogue", "sources.toml")},
    )


def test_a_published_folder_opens_and_repeats_to_the_byte(
    definitions: Path, tmp_path: Path
) -> None:
    values, _ = run(tmp_path, series(code="rate"))
    put(definitions, tmp_path / "first", values)
    put(definitions, tmp_path / "second", values)
    dataset = Dataset.open(tmp_path / "first")
    assert dataset.notices == ()
    assert dataset.select(2020).values["one"].to_dict() == {"A": 1.0, "B": 2.0}
    for path in (tmp_path / "first").rglob("*.*"):
        twin = tmp_path / "second" / path.relative_to(tmp_path / "first")
        assert path.is_dir() or path.read_bytes() == twin.read_bytes()


def test_an_invalid_folder_never_takes_the_place_of_a_good_one(
    definitions: Path, tmp_path: Path
) -> None:
    values, _ = run(tmp_path, series(code="rate"))
    target = tmp_path / "target"
    put(definitions, target, values)
    before = (target / "values.parquet").read_bytes()
    with pytest.raises(DatasetError, match=r"not in the catalogue"):
        put(definitions, target, values.assign(indicator="unknown"))
    assert (target / "values.parquet").read_bytes() == before
    put(definitions, target, values[values["year"] == 2020])
    assert (target / "values.parquet").read_bytes() != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["definitions", "target"]
