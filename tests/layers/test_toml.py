from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, model_validator

from layers.errors import RecipeError
from layers.toml import read_toml, validate


class Pair(BaseModel):
    model_config = ConfigDict(extra="forbid")

    low: int
    high: int = 9

    @model_validator(mode="after")
    def _rises(self):
        if self.low > self.high:
            msg = "low is above high"
            raise ValueError(msg)
        return self


def refused(content):
    with pytest.raises(RecipeError) as caught:
        validate(Pair, content, where="here.toml", error=RecipeError)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RecipeError, match=r"none\.toml: cannot be read"):
        read_toml(tmp_path / "none.toml", RecipeError)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(RecipeError, match="cannot be read"):
        read_toml(tmp_path, RecipeError)


def test_bytes_that_are_no_utf8_are_named_with_their_place(tmp_path):
    (tmp_path / "latin.toml").write_bytes('name = "Zürich"'.encode("latin-1"))
    with pytest.raises(RecipeError, match=r"latin\.toml: is not UTF-8 text \(byte 9\)"):
        read_toml(tmp_path / "latin.toml", RecipeError)


def test_broken_toml_is_named_with_its_line(tmp_path):
    (tmp_path / "broken.toml").write_text("a = 1\nb = = 2\n")
    with pytest.raises(RecipeError, match=r"broken\.toml: is not valid TOML.*line 2"):
        read_toml(tmp_path / "broken.toml", RecipeError)


def test_an_empty_file_is_an_empty_table(tmp_path):
    (tmp_path / "empty.toml").write_text("")
    assert read_toml(tmp_path / "empty.toml", RecipeError) == {}


def test_every_fault_is_named_in_one_line():
    assert "unknown key 'middle'" in refused({"low": 1, "middle": 2})
    assert "key 'low' is missing" in refused({})
    assert "'low'" in refused({"low": "much"})
    assert "'much'" in refused({"low": "much"})


def test_a_fault_of_the_whole_does_not_print_the_whole():
    assert refused({"low": 10}) == "here.toml: '(top level)': low is above high"
