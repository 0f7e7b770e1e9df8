"""How often one client may ask: in measure always, too often never, and nobody is remembered."""

from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from views.server.limit import Buckets, Limit

GAPS = st.lists(st.floats(0, 100), min_size=1, max_size=60)


@given(gaps=GAPS, rate=st.integers(1, 300), burst=st.integers(1, 20))
def test_in_any_time_no_more_pass_than_a_full_bucket_and_what_flows_in(gaps, rate, burst):
    buckets, now, passed = Buckets(rate, burst), 0.0, 0
    for gap in gaps:
        now += gap
        passed += buckets.take(b"one", now) == 0
    assert passed <= burst + now * rate / 60 + 1e-6


@example(gaps=[4.871141065277362, 0.0], rate=1, burst=1)
@given(gaps=GAPS, rate=st.integers(1, 300), burst=st.integers(1, 20))
def test_who_waits_as_long_as_told_is_let_in(gaps, rate, burst):
    buckets, now = Buckets(rate, burst), 0.0
    for gap in gaps:
        now += gap
        if wait := buckets.take(b"one", now):
            now += math.ceil(wait)
            assert buckets.take(b"one", now) == 0


def test_one_client_does_not_use_up_the_share_of_another():
    buckets = Buckets(rate=60, burst=1)
    assert buckets.take(b"one", 0.0) == 0
    assert buckets.take(b"one", 0.0) > 0
    assert buckets.take(b"other", 0.0) == 0


def test_a_client_is_forgotten_when_the_bucket_would_be_full_again():
    buckets = Buckets(rate=60, burst=10)
    buckets.take(b"one", 0.0)
    buckets.take(b"other", 10.5)
    assert len(buckets) == 1


def test_however_many_come_memory_is_bounded():
    buckets = Buckets(rate=60, burst=10, most=100)
    for number in range(1_000):
        buckets.take(b"%d" % number, 0.0)
    assert len(buckets) == 100


def asked(limit, path="/api/scores.csv", client="192.0.2.1", **headers):
    """Status and headers of the answer to one request."""
    sent = []

    async def send(message):
        sent.append(message)

    raw = [(key.replace("_", "-").encode(), text.encode()) for key, text in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": raw, "client": (client, 1)}
    asyncio.run(limit(scope, None, send))
    return sent[0]["status"], Headers(raw=sent[0]["headers"])


def limit(home="", **options):
    async def hello(scope, receive, send):
        await PlainTextResponse("hello")(scope, receive, send)

    return Limit(hello, home, **({"rate": 6, "burst": 2, "clock": lambda: 0.0} | options))


@pytest.mark.parametrize("path", ["/api/recipe.toml", "/embed/map"])
def test_too_many_requests_are_refused_with_the_time_to_wait(path):
    door = limit()
    assert [asked(door, path)[0] for _ in range(3)] == [200, 200, 429]
    status, headers = asked(door, path)
    assert (status, headers["retry-after"]) == (429, "10")
    assert headers["ratelimit-policy"] == '"client";q=2;w=20'
    assert headers["cache-control"] == "no-store"


def test_pages_and_what_they_load_are_never_refused():
    door = limit(home="/atlas", burst=1)
    for path in ("/atlas", "/atlas/daten", "/atlas/atlas/layers/x", "/atlas/static/js/a.js"):
        assert {asked(door, path)[0] for _ in range(3)} == {200}
    assert [asked(door, "/atlas/api/oembed")[0] for _ in range(2)] == [200, 429]


def test_a_word_of_the_client_makes_nobody_of_it():
    """Whom a proxy speaks for is for the server to judge, by the proxies that it trusts."""
    door = limit(burst=1)
    assert asked(door, x_forwarded_for="198.51.100.1")[0] == 200
    assert asked(door, x_forwarded_for="198.51.100.2")[0] == 429


def test_one_house_is_one_client_however_many_addresses_it_has():
    door = limit(burst=1)
    assert asked(door, client="2001:db8:1:2::1")[0] == 200
    assert asked(door, client="2001:db8:1:2:ffff::9")[0] == 429
    assert asked(door, client="2001:db8:1:3::1")[0] == 200


def test_no_address_is_kept():
    door = limit()
    asked(door)
    assert b"192.0.2.1" not in b"".join(door.buckets._held)


def test_a_rate_of_zero_sets_no_limit():
    door = limit(rate=0)
    assert {asked(door)[0] for _ in range(50)} == {200}
