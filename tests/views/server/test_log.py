"""What the operator reads: whole lines of JSON, errors that can be found, nothing of a person."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from views.server import log
from views.server.places import kind_of


def line(record_of, *, as_json=True, details=False):
    return log._Shape(as_json=as_json, details=details).format(record_of)


def record(message, *given, name="uvicorn.error", level=logging.WARNING, cause=None):
    raised = (type(cause), cause, cause.__traceback__) if cause else None
    return logging.LogRecord(name, level, "x.py", 1, message, given, raised)


@pytest.fixture
def cause():
    try:
        kind_of(None, "")  # fails in a line of ours
    except AttributeError as error:
        return error


def test_a_line_of_another_library_is_told_by_its_unfilled_words():
    told = json.loads(line(record("%s - %r refused", "192.0.2.7:5", "anna.csv")))
    assert (told["event"], told["level"], told["logger"]) == ("message", "warning", "uvicorn.error")
    assert told["message"] == "%s - %r refused"


@pytest.mark.parametrize(
    "personal",
    ["192.0.2.7", "2001:db8::1", "anna@amt.example", "https://amt.example/x?sel=1",
     "'Meine Daten.csv'", "/home/anna/daten.csv", "9f1c2d3e-aaaa-bbbb-cccc-0123456789ab"],
)  # fmt: skip
def test_what_a_library_has_filled_by_itself_is_blotted_out(personal):
    told = line(record(f"could not open {personal} now"))
    assert personal.strip("'") not in told
    assert "could not open …" in told


def test_an_error_is_told_by_type_and_place_and_not_by_its_words(cause):
    told = json.loads(line(record("x", cause=cause)))
    assert told["type"] == "AttributeError"
    assert told["place"].startswith("views/server/places.py:")
    assert told["trace"][-1] == told["place"]
    assert "removeprefix" not in json.dumps(told)
    assert "removeprefix" in line(record("x", cause=cause), details=True)


def test_a_line_is_one_line_however_it_is_written():
    for as_json in (True, False):
        assert "\n" not in line(record("two\nlines"), as_json=as_json)


@pytest.fixture
def restored():
    """Leave the loggers of this process as they were."""
    root, kept = logging.getLogger(), {}
    for name in ("", "uvicorn", "uvicorn.error", "potenzialatlas"):
        one = logging.getLogger(name)
        kept[name] = (list(one.handlers), one.level, one.propagate)
    import streamlit.logger

    setup = streamlit.logger.setup_formatter
    yield root
    streamlit.logger.setup_formatter = setup
    for name, (handlers, level, propagate) in kept.items():
        one = logging.getLogger(name)
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)
    streamlit.logger.update_formatter()
    logging.captureWarnings(capture=False)


@pytest.mark.parametrize(
    ("chosen", "events"),
    [("json", ["ready", "error", "message"]), ("errors", ["error", "message"]), ("off", [])],
)
def test_the_operator_chooses_how_much_is_told(chosen, events, restored, capsys, cause):
    from views.server.settings import Settings

    log.set_up(Settings(log=chosen))
    log.event("ready")
    reference = log.fault(cause, "page")
    logging.getLogger("streamlit.web.server.x").info("of no use")
    logging.getLogger("uvicorn.error").warning("of use")
    told = capsys.readouterr().err
    sys.stderr.flush()
    found = told.splitlines()
    assert len(found) == len(events)
    if chosen == "json":
        assert [json.loads(one)["event"] for one in found] == events
        assert json.loads(found[1])["reference"] == reference


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"), ("/atlas", "page"), ("/atlas/kreisprofil", "page"),
        ("/atlas/api/scores.csv", "api"), ("/atlas/embed/profile/09477", "embed"),
        ("/atlas/_stcore/stream", "session"), ("/atlas/_stcore/health", "health"),
        ("/atlas/_stcore/upload_file/a", "core"), ("/atlas/atlas/layers/x", "atlas"),
        ("/atlas/media/x.pdf", "media"), ("/atlas/readyz", "health"),
        ("/atlas/auth/login", "signin"), ("/atlas/favicon.png", "asset"), ("", "page"),
    ],
)  # fmt: skip
def test_a_path_is_told_by_its_kind_alone(path, kind):
    assert kind_of(path, "/atlas") == kind
