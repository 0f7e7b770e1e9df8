"""Two processes behind ``deploy/nginx.conf``, with TLS: whoever has begun in one stays there.

One story, in order: people come, one process dies under somebody's hands, it comes back, and the
other one is restarted in good order.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from driving import PATIENCE, REGION, eventually, query_of, settled, visit, visitor

from tests.load.front import in_front, nginx
from tests.load.server import Process, free_ports, process, wait_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(nginx() is None, reason="nginx is not installed: apt install nginx-light"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate"),
]

DOCUMENT = {"Sec-Fetch-Dest": "document"}
NAME = "potenzialatlas"
#: Seconds after which nginx has tried a process again that was gone; ten at the latest.
AGAIN = 10.5
#: Table of an office, which lies in the memory of the process that took it.
TABLE = "AGS;Freie Wohnungen 2024\n05315;1000\n05334;2000\n"
DROP = """(zone, [name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


@dataclass
class Two:
    """The two processes by port, the proxy's address, and its certificate."""

    folder: Path
    running: dict[int, tuple[ExitStack, Process]]
    address: str = ""
    certificate: Path = Path()

    def begin(self, port: int) -> None:
        stack = ExitStack()
        one = stack.enter_context(process(port, self.folder))
        self.running[port] = (stack, one)

    def client(self) -> httpx.Client:
        trust = ssl.create_default_context(cafile=self.certificate)
        return httpx.Client(base_url=self.address, verify=trust, timeout=60)


def certified(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [  # noqa: S607 -- found on the path
         "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxy")
    *ports, port = free_ports(3)
    made = Two(folder, {})
    with ExitStack() as stack:
        stack.callback(lambda: [one.close() for one, _ in made.running.values()])
        for one in ports:
            made.begin(one)
        for _, one in made.running.values():
            wait_for(one)
        files = certified(folder)
        made.address = stack.enter_context(in_front(ports, port, folder, files))
        made.certificate = files[0]
        yield made


def cookie_of(page):
    found = [one for one in page.context.cookies() if one["name"] == NAME]
    return found[0] if found else None


def given(answer):
    """What an answer sets as the proxy's cookie."""
    return [one for one in answer.headers.get_list("set-cookie") if one.startswith(NAME)]


def test_newcomers_get_their_process_in_turn_by_a_cookie_that_says_nothing_of_them(two):
    with two.client() as client:
        told = [given(client.get("/", headers={**DOCUMENT, "Cookie": ""})) for _ in range(4)]
        assert all(len(one) == 1 for one in told)
        named = [re.match(rf"{NAME}=(\d+); (.*)", one)[1] for (one,) in told]
        assert {int(one) for one in named} == set(two.running)
        assert all(one.endswith("; Path=/; HttpOnly; Secure; SameSite=Lax") for (one,) in told)


def test_whoever_has_it_is_not_given_it_again_and_a_made_up_one_leads_nowhere_else(two):
    with two.client() as client:
        for port in two.running:
            client.cookies.clear()
            answer = client.get("/", headers={**DOCUMENT, "Cookie": f"{NAME}={port}"})
            assert not given(answer)
        for strange in ("22", "localhost:22", "potenzialatlas_address", ""):
            client.cookies.clear()
            answer = client.get("/", headers={**DOCUMENT, "Cookie": f"{NAME}={strange}"})
            assert answer.status_code == 200
            assert len(given(answer)) == 1


def test_programs_and_embeds_get_no_cookie(two):
    with two.client() as client:
        for path in ("/api/recipe.toml", "/embed/map", "/atlas/geometry.json", "/healthz"):
            assert not given(client.get(path))


def test_a_look_from_outside_finds_nothing_to_do(two, monkeypatch):
    from typer.testing import CliRunner

    from views.cli import cli

    monkeypatch.setenv("IPOT_CA_BUNDLE", str(two.certificate))
    result = CliRunner().invoke(cli, ["server", "check", two.address, "--language", "en"])
    assert result.exit_code == 0, result.stdout
    assert {line.split()[0] for line in result.stdout.splitlines()} <= {"ok", "note"}


@pytest.fixture(scope="module")
def page(browser, two):
    context = visitor(
        browser, viewport={"width": 1366, "height": 900}, ignore_https_errors=True,
        accept_downloads=True,
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    visit(page, two.address, "?lang=en")
    yield page
    context.close()


def take_table(page):
    """Take a file with them, which lies in the memory of one process until it is fetched."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Excel (XLSX)", exact=True).click()
    return Path(waiting.value.path()).read_bytes()[:2]


def weigh(page, keys):
    slider = page.get_by_role("slider", name="Weight: Housing")
    slider.focus()
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    settled(page)
    return query_of(page).get("w.housing")


def test_a_visitor_weighs_and_takes_files_in_the_same_process(page, two):
    here = cookie_of(page)
    assert here["httpOnly"]
    assert here["secure"]
    assert here["sameSite"] == "Lax"
    assert here["expires"] == -1, "it ends with the browser"
    assert weigh(page, ["ArrowRight"]) == "1.25"
    assert take_table(page) == b"PK"
    assert cookie_of(page)["value"] == here["value"]


def test_a_second_tab_gives_a_table_in_the_same_process(page, two):
    here = cookie_of(page)
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(f"{two.address}/daten?lang=en")
    other.locator("summary", has_text="Your own data").click()
    settled(other)
    other.locator(".files .zone").evaluate(DROP, ["homes.csv", TABLE])
    other.get_by_text("2 of 400 Kreise").first.wait_for()
    other.close()
    assert cookie_of(page)["value"] == here["value"]


def led_on(page, ends):
    """Let the page's process end, wait until another has the page; returns its port."""
    before = cookie_of(page)["value"]
    ends()
    eventually(lambda: cookie_of(page)["value"] != before, page)
    # The other process knows nothing of the page but its link; the page asks to be drawn by itself.
    page.locator(REGION).nth(399).wait_for(state="attached")
    settled(page)
    return int(cookie_of(page)["value"])


def test_when_its_process_dies_the_other_takes_over_and_the_weights_are_still_there(page, two):
    port = int(cookie_of(page)["value"])
    (other,) = set(two.running) - {port}
    pid = two.running[port][1].pid
    assert led_on(page, lambda: os.kill(pid, signal.SIGKILL)) == other
    assert query_of(page)["w.housing"] == "1.25"
    assert weigh(page, ["ArrowRight"]) == "1.5"
    assert take_table(page) == b"PK"


def led_to(two):
    """Cookies of a handful of newcomers."""
    with two.client() as client:
        return {given(client.get("/", headers={**DOCUMENT, "Cookie": ""}))[0] for _ in range(6)}


def test_who_was_led_on_stays_there_when_the_first_process_is_back(page, two):
    here = int(cookie_of(page)["value"])
    (dead,) = set(two.running) - {here}
    two.running[dead][0].close()
    two.begin(dead)
    wait_for(two.running[dead][1])
    end = time.monotonic() + AGAIN
    while len(led_to(two)) == 1 and time.monotonic() < end:
        page.wait_for_timeout(500)
    assert len(led_to(two)) == 2, "newcomers go to both again"
    assert take_table(page) == b"PK"
    assert weigh(page, ["ArrowRight"]) == "2"
    assert int(cookie_of(page)["value"]) == here


def test_a_restart_in_good_order_leads_people_on_as_well(page, two):
    here = int(cookie_of(page)["value"])
    assert led_on(page, two.running[here][0].close) != here
    assert query_of(page)["w.housing"] == "2"
    assert weigh(page, ["ArrowLeft"]) == "1.5"


def test_a_program_that_asks_too_often_is_counted_in_one_place(two):
    with two.client() as client:
        asked = [client.get("/api/recipe.toml").status_code for _ in range(90)]
    # 60 at once are allowed; two processes that counted beside each other would allow 120.
    assert asked[0] == 200
    assert 429 in asked
