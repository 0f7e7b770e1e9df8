"""Shapes of input: a table that comes at once, one that is ordered, orders that take long, fail or
answer about something else.
"""

from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import parse_qs

import pytest
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources.fetch.request import Answer, Done, Fault, Request, Wait
from layers.sources.genesis.client_requests import PATIENCE, SITES, Query, next_step, step_back

SAMPLES = FORMATS / "genesis" / "genesis_online"
QUERY = Query("genesis", "12531-0043", {})
JOB = "12531-0043_175879554"


def fields(request: Request) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(request.body.decode()).items()}


def answer(code: int, text: str = "", method: str = "data/tablefile", **parts: object) -> Answer:
    service, name = method.split("/")
    content = {
        "Ident": {"Service": service, "Method": name},
        "Status": {"Code": code, "Content": text},
        **parts,
    }
    return Answer(json.dumps(content).encode())


def results(code: int, *jobs: str, asked: str = JOB) -> Answer:
    listed = [{"Code": job} for job in jobs] or None
    parameter = {"selection": asked}
    return answer(code, "", "catalogue/results", Parameter=parameter, List=listed)


def zipped() -> Answer:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("t_flat.csv", "x")
    return Answer(stream.getvalue())


def test_a_request_is_a_flat_file_in_german_with_secrets_by_name_only() -> None:
    query = Query("regionalstatistik", "12411-01-01-4", {"startyear": "2023"})
    asked = query.request()
    assert asked.url == SITES["regionalstatistik"] + "data/tablefile"
    assert asked.secrets == {
        "username": "regionalstatistik_user", "password": "regionalstatistik_password",
    }  # fmt: skip
    sent = fields(asked)
    assert (sent["name"], sent["format"], sent["language"]) == ("12411-01-01-4", "ffcsv", "de")
    assert (sent["startyear"], sent["job"]) == ("2023", "false")


def test_the_year_before_is_asked_for_by_span() -> None:
    query = Query("genesis", "12531-0043", {"timeslices": "1", "regionalkey": "01*"})
    assert query.earlier(2023).options == {
        "regionalkey": "01*", "startyear": "2023", "endyear": "2023",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("site", "table", "options", "fault"),
    [
        ("destatis", "12411-0001", {}, "no site 'destatis'; known are regionalstatistik"),
        ("genesis", "../x", {}, "'../x' is no number of a table"),
        ("genesis", "12411-0001", {"password": "x"}, "no option 'password'; known are startyear"),
    ],
)
def test_what_no_server_would_understand_is_not_sent(
    site: str, table: str, options: dict[str, str], fault: str
) -> None:
    with pytest.raises(SourceError, match=fault):
        Query(site, table, options)


def test_a_table_that_comes_at_once_is_done() -> None:
    assert isinstance(next_step(QUERY, zipped()), Done)


def test_the_way_of_an_order_from_too_large_to_its_file() -> None:
    ordered = next_step(QUERY, answer(98))
    assert isinstance(ordered, Request)
    assert fields(ordered)["job"] == "true"
    accepted = next_step(QUERY, answer(99, f"kann ... abgerufen werden: {JOB}"))
    assert isinstance(accepted, Wait)
    assert fields(accepted.then)["selection"] == JOB
    pending = next_step(QUERY, results(104), waited=accepted.seconds)
    assert isinstance(pending, Wait)
    assert pending.then == accepted.then
    ready = next_step(QUERY, results(0, JOB), waited=10)
    assert isinstance(ready, Request)
    assert (ready.url, fields(ready)["name"]) == (SITES["genesis"] + "data/resultfile", JOB)
    assert isinstance(next_step(QUERY, zipped(), waited=10), Done)


def test_pauses_grow_and_end() -> None:
    waited, pauses = 0.0, []
    while isinstance(step := next_step(QUERY, results(104), waited=waited), Wait):
        pauses.append(step.seconds)
        waited += step.seconds
    assert pauses[:6] == [5, 5, 10, 20, 40, 60]
    assert max(pauses) == 60
    assert PATIENCE <= waited < PATIENCE + 60
    assert isinstance(step, Fault)
    assert "was not ready after 30 minutes; try later" in step.message


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (answer(104, "Es gibt keine Objekte"), "nothing was found; check number, years and region"),
        (answer(90), "there is no such table"),
        (answer(-1), "holds no data for this table"),
        (answer(0), "but the answer holds no table"),
        (answer(99, "wurde erstellt"), "accepted, but its name is missing"),
        (results(90), "there is no such table"),
        (results(0, asked="12411-0001_1"), "is about '12411-0001_1', which was not asked for"),
        (Answer(b"Service Unavailable", 503), "neither a zip archive nor JSON"),
    ],
)
def test_everything_else_ends_with_one_line_that_says_what_to_do(
    content: Answer, fault: str
) -> None:
    step = next_step(QUERY, content)
    assert isinstance(step, Fault)
    assert fault in step.message
    assert step.message.startswith("12531-0043 (genesis)")
    assert "\n" not in step.message


@pytest.mark.parametrize("code", [-1, 0, 15, 90, 99, 104, 777])
def test_the_account_is_in_no_message(code: int) -> None:
    account = {"username": "DE4711user", "password": "s3cr3t-word"}
    said = answer(code, "DE4711user, s3cr3t-word: abgelehnt", Parameter=account)
    step = next_step(QUERY, said)
    assert isinstance(step, Fault)
    assert "DE4711user" not in step.message
    assert "s3cr3t-word" not in step.message


def test_an_order_that_is_not_in_the_list_yet_is_waited_for() -> None:
    assert isinstance(next_step(QUERY, results(0, "12531-0043_1")), Wait)


@with_samples
def test_the_recorded_order_runs_as_described() -> None:
    def recorded(name: str) -> Answer:
        return Answer((SAMPLES / f"12531-0043_{name}.json").read_bytes())

    ordered = next_step(QUERY, recorded("data_tablefile_status98"))
    assert isinstance(ordered, Request)
    accepted = next_step(QUERY, recorded("data_tablefile_status99"))
    assert isinstance(accepted, Wait)
    assert fields(accepted.then)["selection"] == JOB
    assert isinstance(next_step(QUERY, recorded("catalogue_results_status104")), Wait)
    ready = next_step(QUERY, recorded("catalogue_results_status0"))
    assert isinstance(ready, Request)
    assert fields(ready)["name"] == JOB
    refused = Answer((SAMPLES / "61111-0021_data_tablefile_status-1.json").read_bytes())
    assert isinstance(next_step(Query("genesis", "61111-0021", {}), refused), Fault)


@with_samples
def test_a_newest_time_without_kreise_leads_to_the_year_before() -> None:
    folder = SAMPLES.parent / "regionalstatistik"
    query = Query("regionalstatistik", "13111-01-03-4")
    instead = step_back(query, (folder / "13111-01-03-4_de.zip").read_bytes())
    assert instead == query.earlier(2024)
    assert step_back(query, (folder / "12411-01-01-4_de.zip").read_bytes()) is None
    with pytest.raises(SourceError, match="has no regions of level 'kreis'"):
        step_back(query, (folder / "AI-N-01-2-5_de.zip").read_bytes())
