"""A server for strangers, as it runs: headers, health, sign-in, log, and an end in good order.

One server for all: the process can reach nobody but this machine, and asks people to sign in with a
provider that runs here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from driving import ALONE, ROOT, faults, free_port, settled, wait_for
from joserfc import jwt
from joserfc.jwk import OctKey
from provider import CLIENT, SPOILS, Provider
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from views.cli import cli

pytestmark = pytest.mark.browser

SECRET = "of this test alone, and long enough"  # noqa: S105 -- guards nothing
HEADERS = {
    "content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy",
    "cross-origin-opener-policy", "cross-origin-resource-policy",
}  # fmt: skip


@dataclass
class Running:
    """The server, its provider, and where it and the guard write."""

    process: subprocess.Popen
    address: str
    provider: Provider
    said: Path
    asked: Path

    def lines(self):
        return [json.loads(line) for line in self.said.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    provider, port = Provider(), free_port()
    address = f"http://127.0.0.1:{port}"
    (folder / "secrets.toml").write_text(f"""
        [auth]
        redirect_uri = "{address}/oauth2callback"
        cookie_secret = "{SECRET}"
        client_id = "{CLIENT}"
        client_secret = "known to the provider"
        server_metadata_url = "{provider.address}/.well-known/openid-configuration"
        """)
    environment = os.environ | {
        "POTENZIALATLAS_LOG": "json", "POTENZIALATLAS_SIGNIN_ALLOW": "@amt.example",
        "POTENZIALATLAS_DRAIN": "0.5", "FORWARDED_ALLOW_IPS": "",
    }  # fmt: skip
    command = [
        sys.executable, str(ALONE), str(folder / "asked"), "app.py", "--server.port", str(port),
        "--server.headless", "true", "--server.address", "127.0.0.1",
        "--secrets.files", str(folder / "secrets.toml"),
    ]  # fmt: skip
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said, env=environment
        )
        wait_for(address, process, said)
        yield Running(process, address, provider, folder / "said", folder / "asked")
        process.kill()
        process.wait()
    provider.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/kreisprofil?sel=09477", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/bidi-components/none/none.js", 404),
        ("GET", "/media/none.csv", 404),
        ("GET", "/atlas/component/x/map.js", 200),
        ("GET", "/atlas/layers/none", 404),
        ("GET", "/api/recipe.toml?sel=09477", 200),
        ("GET", "/api/scores.exe", 404),
        ("POST", "/api/recipe.toml", 405),
        ("GET", "/embed/map/1/2/3/4", 200),
        ("GET", "/embed/tower", 404),
        ("GET", "/..%2f..%2fetc", 400),
    ],
)
def test_every_answer_carries_the_headers(running, method, path, status):
    answer = httpx.request(method, f"{running.address}{path}")
    assert answer.status_code == status
    assert set(answer.headers) >= HEADERS
    assert "unsafe-eval" not in answer.headers["content-security-policy"]


def test_pages_stand_in_no_foreign_frame_and_embeds_do(running):
    page = httpx.get(f"{running.address}/karte").headers
    embed = httpx.get(f"{running.address}/embed/profile/09477", timeout=60).headers
    assert page["content-security-policy"].endswith("frame-ancestors 'self'")
    assert page["x-frame-options"] == "SAMEORIGIN"
    assert embed["content-security-policy"].endswith("frame-ancestors *")
    assert "x-frame-options" not in embed
    # What an embed may load is its own matter, and stricter.
    assert "'unsafe-inline'" not in embed["content-security-policy"]


def test_the_handshake_carries_them_too_and_strange_sites_get_none(running):
    url = f"{running.address.replace('http', 'ws')}/_stcore/stream"
    with connect(url, origin=running.address, subprotocols=["streamlit"], proxy=None) as session:
        assert {name.lower() for name in session.response.headers} >= HEADERS
    with pytest.raises(InvalidStatus, match="403"):
        connect(url, origin="https://elsewhere.example", proxy=None, legacy=True)


@pytest.mark.parametrize(
    "path", ["upload_file/a/b", "metrics", "agent/interact", "agent/openapi.json"]
)
def test_doors_of_streamlit_that_nobody_needs_stay_shut(running, path):
    assert httpx.get(f"{running.address}/_stcore/{path}").status_code == 404


def test_it_lives_and_says_which_data_it_serves(running):
    assert httpx.get(f"{running.address}/healthz").json()["status"] == "alive"
    ready = httpx.get(f"{running.address}/readyz")
    assert ready.status_code == 200
    assert ready.json()["dataset"].startswith("kreise@")
    assert set(ready.json()["checks"].values()) == {"ok"}


def test_a_look_from_outside_finds_nothing_to_do(running):
    from typer.testing import CliRunner

    result = CliRunner().invoke(cli, ["server", "check", running.address, "--language", "en"])
    verdicts = [line.split()[0] for line in result.stdout.splitlines()]
    # Nothing here is encrypted; on one's own machine that is a note.
    assert sorted(set(verdicts)) == ["note", "ok"], result.stdout
    assert result.exit_code == 0
    assert verdicts.count("note") == 1


def signed_in(running):
    """Go the way of a sign-in without a browser; returns the cookies that come of it."""
    token = jwt.encode(
        {"alg": "HS256"}, {"provider": "default", "exp": 4_000_000_000}, OctKey.import_key(SECRET)
    )
    with httpx.Client(follow_redirects=True) as client:
        answer = client.get(f"{running.address}/auth/login", params={"provider": token})
        assert answer.status_code == 200
        assert str(answer.url).startswith(running.address)
        return set(client.cookies)


def test_an_honest_provider_is_believed(running):
    assert "_streamlit_user" in signed_in(running)


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_token_that_is_not_right_is_refused(running, spoil):
    running.provider.spoil = spoil
    try:
        assert "_streamlit_user" not in signed_in(running)
    finally:
        running.provider.spoil = ""


def place(page):
    """Give a file: where that is offered, there is a button for it."""
    return page.get_by_role("button", name="Choose a file")


def to_data(page, running):
    page.goto(f"{running.address}/daten?lang=en")
    page.get_by_role("heading", name="Data", exact=True).wait_for()
    settled(page)
    page.get_by_text("Your own data", exact=True).first.click()
    settled(page)


def sign_in(page):
    """Go to the provider, and come back to the start page."""
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("button", name="Abmelden").wait_for()


def test_giving_files_needs_a_sign_in_and_reading_does_not(page, running):
    page.set_viewport_size({"width": 1366, "height": 900})
    to_data(page, running)
    assert place(page).count() == 0
    assert faults(page) == []
    sign_in(page)
    to_data(page, running)
    page.get_by_text("Signed in: Anna Amt").wait_for()
    place(page).first.wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("Anna Amt").wait_for(state="detached")


def _until_closed(session):
    """All that comes, until the server closes as one that restarts does."""
    heard = b""
    with suppress(ConnectionClosed):
        while True:
            heard += session.recv()
    assert session.close_code == 1012
    return heard


def test_at_its_end_it_says_so_first_and_leaves_in_order(running):
    url = f"{running.address.replace('http', 'ws')}/_stcore/stream"
    with connect(url, origin=running.address, subprotocols=["streamlit"], proxy=None) as session:
        running.process.terminate()
        unready = httpx.get(f"{running.address}/readyz")
        while unready.status_code == 200:
            unready = httpx.get(f"{running.address}/readyz")
        assert unready.status_code == 503
        assert unready.json()["reason"] == "the server is stopping."
        heard = _until_closed(session)
    assert b"Der Server wird neu gestartet" in heard
    assert running.process.wait(timeout=25) == 0


def test_the_log_tells_kinds_and_times_and_nothing_of_a_person(running):
    assert running.process.poll() == 0, "comes after the end"
    lines = running.lines()
    events = [line["event"] for line in lines]
    assert {"start", "ready", "answer", "session", "stopping", "stop"} <= set(events)
    answers = [line for line in lines if line["event"] == "answer"]
    assert {"page", "api", "embed", "asset", "atlas", "health", "signin"} <= {
        line["path"] for line in answers
    }
    assert all(set(line) >= {"status", "ms", "bytes", "method"} for line in answers)
    text = running.said.read_text("utf-8")
    for personal in ("127.0.0.1", "Anna", "amt.example", "09477", "elsewhere", "Mozilla", "code-"):
        assert personal not in text


def test_the_process_wanted_nothing_of_another_host(running):
    assert running.asked.read_text() == ""
