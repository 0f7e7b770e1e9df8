from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layers.errors import DatasetError, FetchError
from layers.paths import data_folder
from layers.sources.fetch.plan import FetchPlan

if TYPE_CHECKING:
    from pathlib import Path

FILE = '[[file]]\nplace = "{}"\nsources = ["{}"]\n'


def load(folder: Path, text: str) -> FetchPlan:
    path = folder / "fetch.toml"
    path.write_text(text, encoding="utf-8")
    return FetchPlan.load(path)


def one(
    place: str = "a.csv", source: str = "office", more: str = 'url = "https://a.test"\n'
) -> str:
    return FILE.format(place, source) + more


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (one(more=""), "'a.csv' needs url, genesis, "),
        (
            one() + "genesis = { site = 's', table = 't' }\n",
            "has two of url, genesis and inkar_wizard",
        ),
        (one() * 2, "'a.csv' occurs twice"),
        (one(place="../a.csv"), "no place inside a folder"),
        (one() + 'sha256 = "abc"\n', "file.0.sha256"),
        (one() + 'speed = "high"\n', "unknown key 'file.0.speed'"),
        (one() + 'prepare = "magic"\n', "file.0.prepare"),
        ("", "key 'file' is missing"),
    ],
)
def test_a_definition_that_cannot_be_followed_says_why(
    text: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises((DatasetError, FetchError), match=reason):
        load(tmp_path, text)


def test_without_a_name_only_that_is_fetched_which_the_dataset_is_built_from(
    tmp_path: Path,
) -> None:
    plan = load(tmp_path, one() + 'feeds = ["reader"]\n' + one("b.csv", "library"))
    assert [file.place for file in plan.choose(())] == ["a.csv"]
    assert [file.place for file in plan.choose(["library"])] == ["b.csv"]
    with pytest.raises(FetchError, match=r"no source 'zoo'; there are library, office"):
        plan.choose(["zoo"])


def test_the_definition_of_the_project_asks_publishers_by_https_only() -> None:
    path = data_folder() / "definitions" / "kreise" / "fetch.toml"
    if not path.is_file():
        pytest.skip("an installed copy has no build definitions")
    for file in FetchPlan.load(path).file:
        assert file.url.startswith("https://") or not file.url
        assert file.by_hand.de or file.is_online
