"""`ipot server check` says what is wrong with a server, and what is to be done about it."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from layers.errors import PotenzialatlasError
from layers.texts import texts
from views.cli import cli
from views.server import check
from views.server.check import Server, examine

WORDS = texts(Path(check.__file__).parents[1] / "cli" / "server.toml")


class Careless(BaseHTTPRequestHandler):
    """A server that has none of what is looked for."""

    page = b"<html><script src='https://cdn.example/x.js'></script><a href='https://c.example'>"
    headers_of_page = ()
    ready = (503, {"reason": "the dataset cannot be read."})

    def do_GET(self):
        status, body = 200, self.page
        if self.path == "/readyz":
            status, body = self.ready[0], json.dumps(self.ready[1]).encode()
        elif self.path.startswith("/_stcore/host-config"):
            body = b"{}"
        elif self.path == "/healthz":
            status = 404
        self.send_response(status)
        for name, value in self.headers_of_page:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        self.do_GET()

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def careless():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_fault_of_a_careless_server_is_found(careless):
    found = {one.check: one.key for one in examine(Server(careless))}
    assert found == {
        "reach": "reached", "encryption": "plain", "headers": "no_headers",
        "frames": "pages_framable", "foreign": "foreign", "health": "no_health",
        "ready": "not_ready", "session": "no_session", "doors": "upload_open", "size": "takes_all",
        "rate": "no_rate", "clock": "clock",
    }  # fmt: skip


def test_what_a_person_may_press_is_no_foreign_host(careless):
    told = next(one for one in examine(Server(careless)) if one.check == "foreign")
    assert told.about["hosts"] == "cdn.example"


@pytest.mark.parametrize(("language", "word"), [("de", "FEHLER"), ("en", "FAILED")])
def test_it_is_told_in_lines_and_by_the_exit_code(careless, language, word):
    result = CliRunner().invoke(cli, ["server", "check", careless, "--language", language])
    assert result.exit_code == 1
    assert all(": " in line for line in result.stdout.splitlines())
    assert result.stdout.count(word) == 8


def test_where_nobody_answers_that_is_all_there_is_to_say():
    result = CliRunner().invoke(cli, ["server", "check", "http://127.0.0.1:9", "--language", "en"])
    assert result.exit_code == 1
    assert result.stdout.startswith("FAILED   Reachable: No answer (")


@pytest.mark.parametrize("address", ["atlas.example.org", "ftp://atlas.example.org", "https://"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(PotenzialatlasError, match="no address"):
        Server(address)
    assert CliRunner().invoke(cli, ["server", "check", address]).exit_code == 2


def test_another_dataset_than_the_expected_is_told(careless, monkeypatch):
    monkeypatch.setattr(Careless, "ready", (200, {"dataset": "kreise@2026.3"}))
    told = [one.key for one in examine(Server(careless), "kreise@2027.1") if one.check == "ready"]
    assert told == ["other"]
    told = [one.key for one in examine(Server(careless), "kreise@2026.3") if one.check == "ready"]
    assert told == ["ready"]


@pytest.mark.parametrize(
    ("policy", "key"),
    [
        ("default-src 'self'; frame-ancestors 'self'", "headers"),
        ("default-src 'self'; frame-ancestors 'self' https://portal.example", "headers"),
        ("default-src 'self'; script-src 'unsafe-eval'", "wide_policy"),
        ("default-src *", "wide_policy"),
        ("default-src 'self' https://cdn.example", "wide_policy"),
    ],
)
def test_a_policy_that_allows_more_than_is_needed_is_told(policy, key, careless, monkeypatch):
    others = [(name, "x") for name in check._HEADERS if name != "content-security-policy"]
    monkeypatch.setattr(Careless, "headers_of_page", [*others, ("content-security-policy", policy)])
    assert [one.key for one in examine(Server(careless)) if one.check == "headers"] == [key]


def test_there_are_words_for_whatever_can_be_found():
    source = Path(check.__file__).read_text("utf-8")
    keys = set(re.findall(r'_found\(\s*"(\w+)", "(\w+)"', source))
    for name, key in keys:
        assert f"check_{name}" in WORDS
        assert key in WORDS
    assert len(keys) > 25
