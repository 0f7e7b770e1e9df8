"""Shapes of input: all recorded statuses, faults of the whole system, things that are no answer,
and the account, which every answer repeats.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources.genesis.answers import parse, trouble

SAMPLES = FORMATS / "genesis"


def answer(code: object, text: str, **account: str) -> bytes:
    content = {
        "Ident": {"Service": "data", "Method": "tablefile"},
        "Status": {"Code": code, "Content": text, "Type": "Fehler"},
        "Parameter": {"name": "12411-01-01-4", **account},
    }
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-1, "holds no data for this table"),
        (22, "changed a parameter"),
        (90, "no such table, or this account may not see it"),
        (98, "too large for a direct answer"),
        (104, "ask for an earlier year"),
        (12345, "the server refused the request"),
    ],
)
def test_every_code_is_said_in_plain_words_with_what_to_do(code: int, words: str) -> None:
    said = trouble(parse(answer(code, "Text"), "12411-01-01-4"), "12411-01-01-4")
    assert words in said
    assert f"(code {code})" in said
    assert "'Text'" in said


def test_a_refused_account_is_told_apart_whatever_the_code() -> None:
    text = "Bitte überprüfen Sie Ihren Nutzernamen und das Passwort."
    said = trouble(parse(answer(0, text), "x"), "x")
    assert "the account was not accepted; check user name and password" in said


def test_faults_of_the_whole_system_stand_at_the_top() -> None:
    content = json.dumps({"Code": 18, "Content": "fährt gerade hoch", "Type": "ERROR"}).encode()
    assert "the server is starting; try again in some minutes" in trouble(parse(content, "x"), "x")


word = st.text("abcdefXYZ0189", min_size=3, max_size=12)


@given(word, word)
def test_the_account_is_in_no_message(user: str, password: str) -> None:
    text = f"Fehler bei {user} mit {password}."
    status = parse(answer(90, text, username=user, password=password), "12411-01-01-4")
    for said in (repr(status), trouble(status, "12411-01-01-4")):
        assert user not in said.replace("12411-01-01-4", "")
        assert password not in said.replace("12411-01-01-4", "")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"%PDF", "neither a zip archive nor JSON"),
        (b"\xff", "neither a zip archive nor JSON"),
        (b"[1]", "has no 'Status' with a number"),
        (b'{"Status": "fein"}', "has no 'Status' with a number"),
        (answer("98", "x"), "has no 'Status' with a number"),
    ],
)
def test_what_is_no_answer_is_refused(content: bytes, fault: str) -> None:
    with pytest.raises(SourceError, match=f"12411: the answer {fault}|12411: .*{fault}"):
        parse(content, "12411")


@with_samples
@pytest.mark.parametrize(
    ("file", "code", "method"),
    [
        ("genesis_online/12531-0043_data_tablefile_status98.json", 98, "data/tablefile"),
        ("genesis_online/12531-0043_data_tablefile_status99.json", 99, "data/tablefile"),
        ("genesis_online/12531-0043_catalogue_results_status104.json", 104, "catalogue/results"),
        ("genesis_online/12531-0043_catalogue_results_status0.json", 0, "catalogue/results"),
        ("genesis_online/61111-0021_data_tablefile_status-1.json", -1, "data/tablefile"),
        ("genesis_online/63121-0001_data_tablefile_status104_en.json", 104, "data/tablefile"),
        ("restatis_mocks/values1/values2variable-86e7c4-26839d-POST.json", 103,
         "catalogue/values2variable"),
        ("restatis_mocks/values2/values2variable-86e7c4-332fef-POST.json", 22,
         "catalogue/values2variable"),
        ("regionalstatistik/12411-01-01-4_metadata_table_de.json", 0, "metadata/table"),
    ],
)  # fmt: skip
def test_recorded_answers_are_understood(file: str, code: int, method: str) -> None:
    status = parse((SAMPLES / file).read_bytes(), "x")
    assert (status.code, status.method) == (code, method)
    assert status.found == (code in (0, 22))
    assert trouble(status, "x").count("\n") == 0
