"""Conversations to be covered: a table at once, the whole way of a job in the publisher's own
words, a refusal, a job that does not end."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from server import Reply, Seen

from layers.errors import FetchError
from layers.sources.fetch.collect import Collector
from layers.sources.fetch.jobs import follow
from layers.sources.fetch.plan import FileSpec, Table
from layers.sources.fetch.request import Done, Request, Wait
from layers.sources.fetch.snapshot import Store
from layers.sources.genesis.client_requests import Query, next_step

if TYPE_CHECKING:
    from server import Replay

    from layers.sources.fetch.http import Client
    from layers.sources.fetch.request import Answer, Step

ANSWERS = Path(__file__).parents[5] / "shared" / "data" / "formats" / "genesis" / "genesis_online"
needs_answers = pytest.mark.skipif(
    not ANSWERS.is_dir(), reason="the recorded answers (../shared/data/formats) are not here"
)
TABLE = "12531-0043"
USER, PASSWORD = "DE4711XYZ", "sehr geheim, mit Umlaut: ä"  # invented


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPOT_GENESIS_USER", USER)
    monkeypatch.setenv("IPOT_GENESIS_PASSWORD", PASSWORD.encode("ascii", "ignore").decode())


def recorded(name: str) -> Reply:
    """Return a recorded answer, which repeats the account as the servers do."""
    content = json.loads((ANSWERS / f"{TABLE}_{name}.json").read_text(encoding="utf-8-sig"))
    content.setdefault("Parameter", {})["username"] = USER
    return Reply(json.dumps(content).encode(), headers={"Content-Type": "application/json"})


def table() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        # A member without a time of its own: the same bytes whenever it is packed.
        zipped.writestr(zipfile.ZipInfo(f"{TABLE}_flat.csv"), "statistics_code;value\n")
    return packed.getvalue()


def query(replay: Replay) -> Query:
    return Query("genesis", TABLE, {}, replay.url(""))


def talk(replay: Replay, client: Client) -> tuple[Done, list[float]]:
    asked, pauses = query(replay), list[float]()

    def step(answer: Answer, waited: float) -> Step:
        return next_step(asked, answer, waited=waited)

    return follow(client, asked.request(), step, sleep=pauses.append), pauses


@needs_answers
def test_a_large_table_comes_by_way_of_a_job(replay: Replay, client: Client) -> None:
    replay.answer(
        "data/tablefile", recorded("data_tablefile_status98"), recorded("data_tablefile_status99")
    )
    replay.answer(
        "catalogue/results", Reply(status=500), recorded("catalogue_results_status104"),
        recorded("catalogue_results_status104"), recorded("catalogue_results_status0"),
    )  # fmt: skip
    replay.answer("data/resultfile", Reply(table(), headers={"Content-Type": "application/zip"}))
    done, pauses = talk(replay, client)
    assert done.content == table()
    assert [one.form["job"] for one in replay.asked("data/tablefile")] == ["false", "true"]
    assert pauses == sorted(pauses)
    assert sum(pauses) > 0
    assert replay.asked("data/resultfile")[0].headers["username"] == USER


@needs_answers
def test_a_job_without_end_is_given_up(replay: Replay, client: Client) -> None:
    replay.answer("data/tablefile", recorded("data_tablefile_status99"))
    replay.answer("catalogue/results", recorded("catalogue_results_status104"))
    with pytest.raises(FetchError, match=r"not ready after \d+ minutes"):
        talk(replay, client)


@needs_answers
def test_a_refusal_in_words_shows_no_account(replay: Replay, client: Client) -> None:
    def refuse(seen: Seen) -> Reply:
        text = f"Der Benutzer {seen.headers['username']} ist nicht bekannt."
        status = {"Code": 15, "Content": text, "Type": "Fehler"}
        return Reply(json.dumps({"Status": status}).encode())

    replay.answer("data/tablefile", refuse)
    with pytest.raises(FetchError) as fault:
        talk(replay, client)
    assert USER not in str(fault.value)


def test_a_server_that_wants_more_time_than_there_is(replay: Replay, client: Client) -> None:
    request = Request(replay.answer("a", Reply(b"wait")))
    with pytest.raises(FetchError, match=r"still preparing the table after 10 seconds"):
        follow(client, request, lambda *_: Wait(6, request), patience=10, sleep=lambda _: None)


@needs_answers
def test_a_table_is_kept_with_its_question_and_without_its_account(
    replay: Replay, client: Client, tmp_path: Path
) -> None:
    replay.answer("data/tablefile", Reply(table(), headers={"Content-Type": "application/zip"}))
    spec = FileSpec(
        place=f"genesis/{TABLE}.zip", sources=("genesis",), kind="zip",
        genesis=Table(site="genesis", table=TABLE, base=replay.url("")),
    )  # fmt: skip
    entry = Collector(client, Store(tmp_path / "home"), {}).collect(spec, tmp_path / "work")
    assert entry.method == "POST"
    assert f"name={TABLE}" in entry.body
    everything = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    assert USER.encode() not in everything
    assert USER not in entry.model_dump_json()
