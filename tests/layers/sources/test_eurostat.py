"""Shapes of input: sparse and dense values, index as object and as list, dimensions of one category
without an index, status letters, codes of other countries, levels and vintages; errors of the
service, wrong indices, sizes and categories.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import SourceError
from layers.sources import eurostat
from layers.sources.formats import Raw

if TYPE_CHECKING:
    from pathlib import Path

# GDP per head in 1,000 euros (INKAR 2024).
GDP = {
    "DEF01": {"2020": 43.47, "2021": 43.26},
    "DEF02": {"2020": 48.77, "2021": 50.57},
    "DEG0P": {"2020": 30.65, "2021": 32.36},
}
KEYS = pd.Series({"DEF01": "01001", "DEF02": "01002", "DEG0P": "16063", "DE111": "08111"})


def encoded(content: object) -> Raw:
    return Raw("answer.json", json.dumps(content).encode())


def dataset(dimensions: dict[str, Any], value: Any, status: Any = None) -> dict[str, Any]:
    """Write an answer as Eurostat does; a dimension is a list of codes or an index."""
    index = {name: list(codes) for name, codes in dimensions.items()}
    answer: dict[str, Any] = {
        "version": "2.0", "class": "dataset", "label": "Gross domestic product", "source": "ESTAT",
        "value": value, "id": list(index), "size": [len(codes) for codes in index.values()],
        "dimension": {
            name: {"label": name, "category": {"index": codes}}
            for name, codes in dimensions.items()
        },
    }  # fmt: skip
    return answer if status is None else {**answer, "status": status}


def gdp(**changes: Any) -> dict[str, Any]:
    """Return GDP in two units; the second unit holds the same numbers times 1,000."""
    geo, time = ["AT111", "DE", *GDP, "DEZZZ"], {"2021": 1, "2020": 0}
    value = {}
    for unit, factor in enumerate((1, 1000)):
        for code, years in GDP.items():
            for year, number in years.items():
                value[str((unit * len(geo) + geo.index(code)) * 2 + time[year])] = number * factor
    dimensions = {"freq": ["A"], "unit": ["TEUR_HAB", "EUR_HAB"], "geo": geo, "time": time}
    return {**dataset(dimensions, value), **changes}


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


def test_values_reach_their_kreise() -> None:
    joined = eurostat.join(encoded(gdp()), KEYS, {"unit": "TEUR_HAB"})
    assert rows(joined.table) == [
        ("01001", 2020, 43.47, "", ""),
        ("01001", 2021, 43.26, "", ""),
        ("01002", 2020, 48.77, "", ""),
        ("01002", 2021, 50.57, "", ""),
        ("16063", 2020, 30.65, "", ""),
        ("16063", 2021, 32.36, "", ""),
    ]


def test_what_does_not_fit_is_reported_on_both_sides() -> None:
    joined = eurostat.join(encoded(gdp()), KEYS, {"unit": "TEUR_HAB"})
    assert joined.unmatched == ("DEZZZ",)
    assert joined.absent == ("08111",)


def test_the_other_category_has_its_own_cells() -> None:
    joined = eurostat.join(encoded(gdp()), KEYS, {"unit": "EUR_HAB"})
    assert joined.table["value"].iloc[0] == 43.47 * 1000


@st.composite
def cubes(draw) -> tuple[list[list[str]], dict[int, float]]:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    codes = [[f"{name}{at}" for at in range(size)] for name, size in enumerate(sizes)]
    count = int(np.prod(sizes))
    filled = draw(st.sets(st.integers(0, count - 1)))
    return codes, {at: float(at) + 0.5 for at in sorted(filled)}


@given(cubes(), st.booleans(), st.booleans(), st.randoms())
def test_flat_indices_mean_the_same_as_nested_loops(cube, as_object, dense, random) -> None:
    codes, filled = cube
    count = int(np.prod([len(each) for each in codes]))
    naive = {
        cell: filled[at]
        for at, cell in enumerate(itertools.product(*codes))  # the last dimension moves fastest
        if at in filled
    }
    index: Any = codes
    if as_object:  # an object may list its codes in any order
        pairs = [list(enumerate(each)) for each in codes]
        for each in pairs:
            random.shuffle(each)
        index = [{code: at for at, code in each} for each in pairs]
    value = [filled.get(at) for at in range(count)] if dense else filled
    names = [f"d{at}" for at in range(len(codes))]
    answer = dataset(dict(zip(names, index, strict=True)), value)
    table = eurostat.cells(encoded(answer))
    assert list(table.columns) == [*names, "value", "status"]
    assert {row[: len(names)]: row[len(names)] for row in rows(table)} == naive


def test_letters_become_flags_and_stay_visible() -> None:
    dimensions = {"geo": list(KEYS.index), "time": ["2023"]}
    value, status = {"0": 1, "1": 2, "3": 4}, {"0": "p", "1": "be", "2": "c", "3": "u"}
    joined = eurostat.join(encoded(dataset(dimensions, value, status)), KEYS)
    table = joined.table.set_index("region")
    assert table["flag"].to_dict() == {
        "01001": "provisional", "01002": "calculated", "16063": "withheld", "08111": "",
    }  # fmt: skip
    assert table["status"].to_dict() == {"01001": "p", "01002": "be", "16063": "c", "08111": "u"}
    assert table["value"].isna().to_dict() == {
        "01001": False, "01002": False, "16063": True, "08111": False,
    }  # fmt: skip


def test_a_cell_that_is_only_marked_as_missing_is_left_out() -> None:
    answer = dataset({"geo": ["DEF01", "DEF02"], "time": ["2023"]}, {"0": 1}, {"1": ":"})
    assert eurostat.join(encoded(answer), KEYS).table["region"].tolist() == ["01001"]


def test_one_status_may_hold_for_all_cells() -> None:
    answer = dataset({"geo": ["DEF01", "DEF02"], "time": ["2023"]}, [1, 2], "p")
    assert set(eurostat.join(encoded(answer), KEYS).table["flag"]) == {"provisional"}


def test_a_single_category_needs_no_index() -> None:
    answer = dataset({"geo": ["DEF01"], "time": ["2023"]}, [1])
    answer["dimension"]["time"] = {"category": {"label": {"2023": "2023"}}}
    assert rows(eurostat.join(encoded(answer), KEYS).table) == [("01001", 2023, 1.0, "", "")]


def changed(**changes: Any) -> dict[str, Any]:
    return {**dataset({"geo": ["DEF01", "DEF02"], "time": ["2023"]}, [1, 2]), **changes}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (changed(version="1.0"), r"is no dataset in JSON-stat 2.0 \(missing: none\)"),
        ([], r"is no dataset in JSON-stat 2.0 \(missing: id, size, dimension, value\)"),
        ({"error": [{"status": 400, "label": "NO_RESULTS"}]}, r"error of the service: .*NO_RESU"),
        (changed(size=[2]), r"'id' has 2 dimensions and 'size' 1"),
        (changed(size=[3, 1]), r"column 'geo': has 2 categories that do not take the positions 0"),
        (changed(dimension={"geo": {}}), r"column 'geo': has no categories"),
        (changed(value={"2": 1}), r"column 'value': the index '2' is outside the 2 cells"),
        (changed(value={"x": 1}), r"column 'value': the index 'x' is outside the 2 cells"),
        (changed(value=["1,5", 2]), r"column 'value': index 0: '1,5' is no number"),
        (changed(status={"0": "q"}), r"column 'status': the letter 'q' is unknown; known are p, e"),
        (gdp(), r"column 'unit': has 2 categories \(TEUR_HAB, EUR_HAB\); choose one"),
        (dataset({"geo": ["DEF01"], "time": ["2023-Q1"]}, [1]), r"'time': '2023-Q1' is no year"),
        (dataset({"geo": ["DEF01"]}, [1]), r"has no dimension 'time'; it has geo"),
    ],
)
def test_an_answer_that_is_unexpected_is_refused(answer: object, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        eurostat.join(encoded(answer), KEYS)


def test_a_category_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(SourceError, match=r"'unit': has no category 'EUR'; it has TEUR_HAB, EUR_"):
        eurostat.join(encoded(gdp()), KEYS, {"unit": "EUR"})


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(SourceError, match=r"answer.json, line 1: is no JSON"):
        eurostat.join(Raw("answer.json", b"{"), KEYS)


def test_all_regions_of_some_years_are_asked_for_at_once() -> None:
    asked = eurostat.request("nama_10r_3gdp", {"unit": "EUR_HAB"}, [2021, 2022])
    assert asked.url == (
        "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/nama_10r_3gdp"
        "?format=JSON&lang=EN&geoLevel=nuts3&unit=EUR_HAB&time=2021&time=2022"
    )


def put_keys(raw: Path) -> None:
    path = raw / eurostat.KEYS
    path.parent.mkdir(parents=True)
    path.write_text(
        "ags,destatis_nuts3_2021,nuts3_vg1000_2024\n"
        "01001,DEF01,DEF01\n01002,DEF02,DEF02\n16063,DEG0P,DEG0R\n",
        encoding="utf-8",
    )


def test_a_code_of_another_vintage_stops_the_build(tmp_path: Path) -> None:
    put_keys(tmp_path)
    folder = tmp_path / "eurostat"
    folder.mkdir()
    dimensions = {"geo": list(GDP), "unit": ["EUR_HAB"], "time": ["2021"]}
    answer = dataset(dimensions, [years["2021"] for years in GDP.values()])
    (folder / "nama_10r_3gdp.json").write_bytes(encoded(answer).content)
    table = eurostat.read(tmp_path, "unit=EUR_HAB", "nama_10r_3gdp/2021")
    assert rows(table)[2] == ("16063", 2021, 32.36, "")
    with pytest.raises(SourceError, match=r"'geo': NUTS 2024 does not know DEG0P"):
        eurostat.read(tmp_path, "unit=EUR_HAB", "nama_10r_3gdp/2024")
    with pytest.raises(SourceError, match=r"no codes of NUTS '2016'; there are 2021, 2024"):
        eurostat.read(tmp_path, "unit=EUR_HAB", "nama_10r_3gdp/2016")


def test_a_code_given_to_two_kreise_is_refused(tmp_path: Path) -> None:
    put_keys(tmp_path)
    path = tmp_path / eurostat.KEYS
    path.write_text(path.read_text("utf-8") + "16056,DEG0N,DEG0R\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"'nuts3_vg1000_2024': 'DEG0R' occurs more than once"):
        eurostat.nuts_keys(path, "2024")


def test_regions_that_merged_or_gave_land_are_not_carried_over(tmp_path: Path) -> None:
    # Lines of the matrix: two regions that merged, two of which a part changed sides, and others.
    path = tmp_path / "n3_cm_v2021_v2024.csv"
    pairs = "AT111,AT111 DE111,DE111 DEG0B,DEG0Q DEG0N,DEG0R DEG0P,DEG0R DEG09,DEG09 DEG09,DEG06"
    path.write_text("\r\n".join(["code_v2021,code_v2024", *pairs.split(), ""]), encoding="utf-8")
    same = eurostat.same_territory(path, "2021", "2024")
    assert same.to_dict() == {"DE111": "DE111", "DEG0B": "DEG0Q"}
