"""A replay server and a client without patience, for all tests of fetching."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from server import HASTY, Replay

from layers.sources.fetch.credentials import Credentials
from layers.sources.fetch.http import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def replay() -> Iterator[Replay]:
    server = Replay()
    yield server
    server.close()


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path / "fetched", Credentials(tmp_path / "credentials.toml"), HASTY)
