"""The forty statements: what a saved file relies on."""

from __future__ import annotations

from layers.selfcheck.statements import field_of, fields, statements


def test_five_fields_with_forty_statements_in_two_languages():
    assert [len(one.asked) for one in fields()] == [10, 9, 7, 6, 8]
    assert len(statements()) == 40
    assert all(text.de and text.en and text.de != text.en for text in statements().values())


def test_a_statement_is_named_by_its_field():
    assert {field_of(key) for key in statements()} == {one.id for one in fields()}
    assert "governance.strategy" in statements()
