"""A client without patience, for all tests of fetching."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from server import HASTY

from layers.sources.fetch.credentials import Credentials
from layers.sources.fetch.http import Client

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "fetched", Credentials(tmp_path / "credentials.toml"), HASTY)
