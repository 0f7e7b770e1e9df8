"""One place for all settings: what is given holds, and what is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from views.server.settings import FILE, PREFIX, Settings, SettingsError, read

README = Path(__file__).parents[3] / "deploy" / "README.md"


def test_on_ones_own_machine_nothing_need_be_set():
    assert read({}) == Settings()


def test_a_variable_wins_over_the_file(tmp_path):
    file = tmp_path / "server.toml"
    file.write_text('log = "json"\nrate = 10\nframed_by = ["https://a.example"]\n')
    found = read({FILE: str(file), f"{PREFIX}RATE": "20", f"{PREFIX}METRICS": "1"})
    assert (found.log, found.rate, found.metrics) == ("json", 20, True)
    assert found.framed_by == ("https://a.example",)


def test_lists_have_commas_between():
    found = read({f"{PREFIX}TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,"})
    assert found.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("LOG", "loud"),
        ("RATE", "-1"),
        ("RATE", "many"),
        ("BURST", "0"),
        ("STOP_WITHIN", "0"),
        ("SIGNIN_HOURS", "nan"),
        ("TRUSTED_PROXIES", "proxy.example"),
        # A policy that somebody else's word ends would be none.
        ("FRAMED_BY", "https://a.example; script-src *"),
        ("FRAMED_BY", "*"),
    ],
)
def test_what_is_not_allowed_is_named(key, text):
    with pytest.raises(SettingsError, match=key.lower()):
        read({f"{PREFIX}{key}": text})


def test_a_key_that_there_is_not_is_named(tmp_path):
    file = tmp_path / "server.toml"
    file.write_text("rates = 10")
    with pytest.raises(SettingsError, match="unknown key 'rates'"):
        read({FILE: str(file)})


def test_the_operators_text_lists_every_setting_with_what_holds_without_it():
    listed = dict(re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| ([^|]*) \|", README.read_text("utf-8"),
                             re.MULTILINE))  # fmt: skip
    for key, field in Settings.model_fields.items():
        usual = field.default
        told = listed[key.upper()].strip().strip("`")
        if isinstance(usual, bool):
            assert told == str(int(usual)), key
        else:
            assert told == ("empty" if usual in {"", ()} else f"{usual}"), key
