"""The proxy's file as it is deployed: what an operator may rely on without trying it."""

from __future__ import annotations

import re

from tests.load.front import DEPLOYED, NAMED, settings
from tests.load.report import Measured, Stage, write


def test_each_process_has_its_own_group_and_the_other_one_behind_it():
    text = DEPLOYED.read_text(encoding="utf-8")
    for port in NAMED:
        group = re.search(rf"upstream potenzialatlas_{port} \{{(.*?)\}}", text, re.DOTALL)[1]
        servers = re.findall(r"server 127\.0\.0\.1:(\d+)( backup)?;", group)
        assert (str(port), "") in servers
        assert sorted(int(one) for one, _ in servers) == list(NAMED)
        # A cookie leads to what is named here, and never to an address that somebody wrote into it.
        assert re.search(rf"^    {port} +potenzialatlas_{port};$", text, re.MULTILINE)


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it():
    (cookie,) = re.findall(r"'potenzialatlas=\$named; (.*)';", DEPLOYED.read_text("utf-8"))
    assert cookie == "Path=/; HttpOnly; Secure; SameSite=Lax"


def test_a_variant_without_encryption_is_the_same_file_but_for_encryption(tmp_path):
    changed = settings((9001, 9002), 9000, tmp_path).splitlines()
    kept = set(
        DEPLOYED.read_text("utf-8").replace("8501", "9001").replace("8502", "9002").split("\n")
    )
    new = [line.strip() for line in changed if line not in kept]
    assert sorted(line.split()[0] for line in new if not line.startswith("#")) == [
        "'~^1", "access_log", "listen", "server_name"
    ]  # fmt: skip


def test_a_table_says_how_many_processes_served_and_what_led_people_there():
    from tests.load.browsers import Opening
    from tests.load.person import Sample

    def measured(processes, way):
        stage = Stage(2, (1.0, 2.0), 10.0, [Sample("move a slider", 0.1)], cores=0.5, machine=1.2)
        found = Measured(processes, way, [stage])
        if processes == 1:
            found.beside, found.openings = stage, [Opening(0.4, 2.5), Opening(0.6, 3.5)]
        return found

    told = write([measured(1, "alone"), measured(2, "number")], "…", keep=False)
    assert "### One process" in told
    assert "### 2 processes" in told
    assert "Without a proxy" in told
    assert "the server used 0.50 cores, the whole machine 1.20" in told
    assert "| first paint in these browsers | < 4000 ms | 500 ms, at most 600 ms |" in told
    assert told.count("| map drawn in these browsers | < 4000 ms | 3000 ms, at most 3500 ms |") == 1
    assert "nginx" not in told
