"""What people see when something goes wrong: a sentence and a number, never the inside."""

from __future__ import annotations

import asyncio
import json

import pytest
from streamlit.testing.v1 import AppTest

from views.server.answers import Answers
from views.server.headers import SecurityHeaders, page_policy
from views.server.offline import ask_nobody


def answer(app, path="/api/scores.csv"):
    """All that is sent for one request."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    asyncio.run(SecurityHeaders(Answers(app, ""), "")(scope, None, send))
    return sent


async def broken(scope, receive, send):
    raise KeyError("somebody's own words")


def test_an_error_on_the_way_is_answered_with_a_number_and_the_headers(caplog):
    start, body = answer(broken)
    assert start["status"] == 500
    assert b"content-security-policy" in dict(start["headers"])
    told = json.loads(body["body"])
    assert set(told) == {"error", "reference"}
    assert told["reference"] in [getattr(one, "fields", {}).get("reference") for one in
                                 caplog.records]  # fmt: skip


def test_an_answer_that_has_begun_is_broken_off_and_not_mended():
    async def half(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError

    assert [one["type"] for one in answer(half)] == ["http.response.start"]


@pytest.mark.parametrize(
    ("language", "said"), [("de", "liegt nicht an Ihnen"), ("en", "not your fault")]
)
def test_a_page_that_fails_says_a_number_in_the_readers_language(language, said, caplog):
    def page():
        from views.server.faults import show_fault

        assert show_fault(ValueError("somebody's own words"))

    run = AppTest.from_function(page)
    run.query_params["lang"] = language
    told = run.run().error[0].value
    assert said in told
    assert "own words" not in told
    assert any(getattr(one, "fields", {}).get("reference", "-") in told for one in caplog.records)


def test_others_may_frame_pages_only_where_the_operator_names_them():
    assert page_policy().endswith("frame-ancestors 'self'")
    named = page_policy(("https://portal.example",))
    assert named.endswith("frame-ancestors 'self' https://portal.example")
    for policy in (page_policy(), named):
        assert "unsafe-eval" not in policy
        assert "*" not in policy
        assert "http:" not in policy


def test_no_stranger_makes_the_server_ask_for_its_own_address():
    from streamlit.web.server.server_util import is_url_from_allowed_origins

    ask_nobody()
    assert not is_url_from_allowed_origins("https://elsewhere.example")
    assert is_url_from_allowed_origins("http://localhost:8501")
