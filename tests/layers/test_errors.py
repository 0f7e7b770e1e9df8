from __future__ import annotations

import pytest

from layers.errors import (
    DatasetError,
    ExportError,
    FetchError,
    PotenzialatlasError,
    RecipeError,
    SourceError,
)


@pytest.mark.parametrize("kind", [DatasetError, RecipeError, SourceError, FetchError, ExportError])
def test_every_error_is_caught_by_the_root_and_by_value_error(kind):
    assert issubclass(kind, PotenzialatlasError)
    assert issubclass(kind, ValueError)


def test_an_error_carries_a_code_for_translators():
    assert RecipeError("nothing is left", code="no_region").code == "no_region"
    assert str(RecipeError("nothing is left")) == "nothing is left"


def test_a_message_is_one_line_whatever_stands_in_it():
    assert str(DatasetError("key 'A\r\nB' is unknown")) == "key 'A B' is unknown"
