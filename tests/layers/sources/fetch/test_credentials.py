from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layers.errors import FetchError
from layers.sources.fetch.credentials import VARIABLE, Credentials

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "credentials.toml"
    path.write_text('genesis_user = "from the file"\n', encoding="utf-8")
    path.chmod(0o600)
    return path


def test_the_environment_comes_before_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Credentials(file).secret("genesis_user") == "from the file"
    monkeypatch.setenv("IPOT_GENESIS_USER", "from outside")
    assert Credentials(file).secret("genesis_user") == "from outside"


def test_another_file_may_be_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(file))
    assert Credentials().secret("genesis_user") == "from the file"


def test_a_missing_credential_says_both_places(file: Path) -> None:
    with pytest.raises(
        FetchError, match=r"IPOT_GENESIS_PASSWORD or as 'genesis_password' in .*toml"
    ):
        Credentials(file).secret("genesis_password")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_may_read_is_refused(mode: int, file: Path) -> None:
    file.chmod(mode)
    with pytest.raises(FetchError, match=r"others may read .* chmod 600"):
        Credentials(file).secret("genesis_user")


def test_what_was_used_is_never_shown(file: Path) -> None:
    credentials = Credentials(file)
    credentials.secret("genesis_user")
    assert "from the file" not in repr(credentials)
    assert credentials.mask("user 'from the file' is unknown") == "user '***' is unknown"
    assert credentials.betrayed_by(b'{"user": "from the file"}')
