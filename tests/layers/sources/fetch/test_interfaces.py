"""Interfaces behind the publishers' web sites are asked as their readers say, and read by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from server import Reply

from layers.errors import FetchError
from layers.sources import eurostat, regionalatlas
from layers.sources.fetch.collect import Collector
from layers.sources.fetch.plan import FetchPlan, FileSpec, Wizard
from layers.sources.fetch.snapshot import Snapshot, Store
from layers.sources.inkar import wizard

if TYPE_CHECKING:
    from server import Replay

    from layers.sources.fetch.http import Client

ROOT = Path(__file__).parents[4]
PLAN = FetchPlan.load(ROOT / "data" / "definitions" / "kreise" / "fetch.toml")
FORMATS = ROOT.parent / "shared" / "data" / "formats" / "inkar" / "api"
GDP = "11"


def place(name: str) -> str:
    (found,) = [one.url for one in PLAN.file if one.place == name]
    return found


def ask(replay: Replay, client: Client, folder: Path) -> Path:
    """Fetch offers and values of one indicator; returns the raw folder for its reader."""
    store = Store(folder / "home")
    parts = ("offers", "values")
    specs = [
        FileSpec(
            place=f"inkar/wizard/{GDP}_{part}.json", sources=("inkar",), kind="json",
            inkar_wizard=Wizard(group=GDP, part=part, base=replay.address),
        )
        for part in parts
    ]  # fmt: skip
    entries = tuple(Collector(client, store, {}).collect(one, folder / "work") for one in specs)
    raw = folder / "raw"
    raw.mkdir()
    store.lay_out(Snapshot(taken=entries[0].retrieved, file=entries), raw)
    return raw


def test_inkar_is_asked_for_years_first_and_then_for_their_values(
    replay: Replay, client: Client, tmp_path: Path
) -> None:
    offers = (FORMATS / "Wizard_GetMoeglich_POST.json").read_bytes()
    values = (FORMATS / "Table_GetDataTable_POST.json").read_bytes()
    replay.answer("Wizard/GetM%C3%B6glich", Reply(offers))
    replay.answer("Table/GetDataTable", Reply(values))
    raw = ask(replay, client, tmp_path)
    times = sorted(one.time for one in wizard.parse_offers(raw / "inkar/wizard/11_offers.json"))
    table = wizard.read(raw, GDP, f"{times[0]}-{times[-1]}")
    assert table["region"].nunique() == 400
    assert len(replay.asked("Table/GetDataTable")) == 1
    # Asked for twice, the offers come from the answers that are kept.
    assert len(replay.asked("Wizard/GetM%C3%B6glich")) == 1


def test_an_indicator_that_inkar_does_not_have_is_one_line(
    replay: Replay, client: Client, tmp_path: Path
) -> None:
    replay.answer("Wizard/GetM%C3%B6glich", Reply(b'"{\\"M\xc3\xb6glich\\": []}"'))
    with pytest.raises(FetchError, match="indicator 11 of INKAR"):
        ask(replay, client, tmp_path)


def test_addresses_of_other_interfaces_are_those_that_their_readers_ask_for() -> None:
    gdp = eurostat.request("nama_10r_3gdp", {"unit": "EUR_HAB"}, [2022, 2023])
    assert place("eurostat/nama_10r_3gdp.json") == gdp.url
    foreign = regionalatlas.request("ai002_1_5", "ai0208", 2023)
    assert place("regionalatlas/ai002_1_5_2023.json") == foreign.url
