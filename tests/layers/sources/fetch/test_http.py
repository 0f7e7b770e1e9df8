"""Answers to be covered: good ones, faults that pass, faults that stay, redirects, certificates,
answers too large or too slow, secrets that come back."""

from __future__ import annotations

import ssl
import subprocess
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from server import Reply, Seen

from layers.errors import FetchError
from layers.sources.fetch.http import CA_VARIABLE, Client
from layers.sources.fetch.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server import Replay

PASSWORD = "correct horse battery"  # noqa: S105 -- invented


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_server_error_that_passes_is_waited_out(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(status=500), Reply(status=503), Reply(b"numbers"))
    assert client.ask(Request(url)).content == b"numbers"
    assert len(replay.asked("a")) == 3


def test_a_server_error_that_stays_is_told_in_one_line(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(b"stack trace", 500))
    with pytest.raises(
        FetchError, match=r"GET http.*/a: the server answers with status 500 \(3 at"
    ):
        client.ask(Request(url))


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "check the credentials"), (403, "--from"), (404, "newer address"), (400, "refused")],
)
def test_a_refusal_is_not_tried_again(
    status: int, advice: str, replay: Replay, client: Client
) -> None:
    url = replay.answer("a", Reply(b"<html>Zugriff verweigert</html>", status))
    with pytest.raises(FetchError, match=rf"status {status}: .*{advice}"):
        client.ask(Request(url))
    assert len(replay.asked("a")) == 1


def test_a_server_that_asks_for_patience_gets_it(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(status=429, headers={"Retry-After": "0"}), Reply(b"x"))
    assert client.ask(Request(url)).content == b"x"


def test_a_silent_server_is_given_up(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(b"late", pause=0.5))
    impatient = replace(client, limits=replace(client.limits, read=0.05, attempts=2))
    with pytest.raises(FetchError, match=r"no answer within 0.05 seconds \(2 attempts\)"):
        impatient.ask(Request(url))


def test_a_cut_answer_is_asked_for_again(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(b"0123456789", cut=4), Reply(b"0123456789"))
    assert client.ask(Request(url)).content == b"0123456789"


def test_no_network_is_said_plainly(client: Client) -> None:
    with pytest.raises(FetchError, match=r"cannot be reached; is there a network\? --from"):
        client.ask(Request("http://127.0.0.1:9/none"))


def test_an_answer_without_end_is_refused(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(b"x" * 10_000))
    small = replace(client, limits=replace(client.limits, size=5_000))
    with pytest.raises(FetchError, match=r"larger than 5,000 bytes"):
        small.ask(Request(url))


def test_a_redirect_is_followed_on_the_same_host(replay: Replay, client: Client) -> None:
    url = replay.answer("old", Reply(status=302, headers={"Location": "/new"}))
    replay.answer("new", Reply(b"moved"))
    assert client.ask(Request(url)).content == b"moved"


def test_a_redirect_to_another_host_is_refused_unless_it_is_allowed(
    replay: Replay, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPOT_SITE_PASSWORD", PASSWORD)
    there = replay.answer("new", Reply(b"moved")).replace("127.0.0.1", "localhost")
    url = replay.answer("old", Reply(status=302, headers={"Location": there}))
    request = Request(url, secrets={"password": "site_password"})
    with pytest.raises(FetchError, match=r"leads to another host \(localhost\)"):
        client.ask(request)
    assert client.ask(request, hosts=("localhost",)).content == b"moved"
    assert replay.asked("old")[0].headers["password"] == PASSWORD
    assert "password" not in replay.asked("new")[0].headers


def test_a_circle_of_redirects_ends(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(status=301, headers={"Location": "/a"}))
    with pytest.raises(FetchError, match=r"without an end"):
        client.ask(Request(url))


@pytest.mark.parametrize(
    "url", ["http://example.org/a", "ftp://example.org/a", "file:///etc/hosts"]
)
def test_only_https_is_fetched(url: str, client: Client) -> None:
    with pytest.raises(FetchError, match=r"only https"):
        client.ask(Request(url))


def test_an_answer_is_reused_for_a_day_whatever_the_method(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(b"first"), Reply(b"second"))
    one = Request.form(url, {"table": "1"})
    assert client.ask(one).content == b"first"
    again = Client(client.folder, client.credentials, client.limits)
    assert again.ask(one).content == b"first"
    assert again.ask(Request.form(url, {"table": "2"})).content == b"second"
    assert again.ask(one, reuse=False).content == b"second"


def test_an_old_answer_is_not_reused(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(b"first"), Reply(b"second"))
    forgetful = replace(client, limits=replace(client.limits, reuse=-1))
    assert forgetful.ask(Request(url)).content == b"first"
    assert forgetful.ask(Request(url)).content == b"second"


def test_the_state_of_a_job_is_never_reused(replay: Replay, client: Client) -> None:
    url = replay.answer("a", Reply(b'{"Status": {"Code": 104}}'), Reply(b"PK the table"))
    assert b"104" in client.ask(Request(url)).content
    assert client.ask(Request(url)).content == b"PK the table"


def test_no_secret_is_ever_written(
    replay: Replay, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPOT_SITE_USER", "somebody")
    monkeypatch.setenv("IPOT_SITE_PASSWORD", PASSWORD)

    def echo(seen: Seen) -> Reply:
        return Reply(f"you are {seen.headers['username']}".encode())

    secrets = {"username": "site_user", "password": "site_password"}
    good = Request(replay.answer("good", Reply(b"numbers")), secrets=secrets)
    telling = Request(replay.answer("telling", echo), secrets=secrets)
    refused = Request(replay.answer("refused", Reply(b"", 401)), secrets=secrets)
    assert client.ask(good).content == b"numbers"
    assert client.ask(telling).content == b"you are somebody"
    with pytest.raises(FetchError) as fault:
        client.ask(refused)
    everything = written(tmp_path) + str(fault.value).encode() + repr(client).encode()
    assert b"numbers" in everything
    assert PASSWORD.encode() not in everything
    assert b"somebody" not in everything


def test_a_password_of_netrc_is_not_sent(
    replay: Replay, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    client.ask(Request(replay.answer("a", Reply(b"x"))))
    assert "authorization" not in replay.asked("a")[0].headers


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return key and certificate of a server that no authority vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [  # noqa: S607 -- found on the path
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, certificate


@pytest.fixture
def secure(own_certificate: tuple[Path, Path]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    key, certificate = own_certificate
    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_certificate_that_cannot_be_checked_is_an_error_that_names_the_setting(
    secure: str, client: Client, own_certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FetchError, match=rf"certificate.*{CA_VARIABLE}.*never switched off"):
        client.ask(Request(secure))
    monkeypatch.setenv(CA_VARIABLE, str(own_certificate[1]))
    trusting = Client(client.folder, client.credentials, client.limits)
    assert trusting.ask(Request(secure)).content == b"ok"


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "cannot be read"), (b"x", "no certificate")]
)
def test_a_bundle_that_is_none_is_named(
    content: bytes | None, reason: str, client: Client, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if content is not None:
        (tmp_path / "bundle.pem").write_bytes(content)
    monkeypatch.setenv(CA_VARIABLE, str(tmp_path / "bundle.pem"))
    with pytest.raises(FetchError, match=reason):
        client.ask(Request("https://127.0.0.1:9/"))
