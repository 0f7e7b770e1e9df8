"""Names and passwords of accounts: from the environment or a private file, never written down.

A credential ``genesis_user`` is looked for in the environment variable ``IPOT_GENESIS_USER`` and
then in the settings file ``credentials.toml`` of the data home (or the file that
``IPOT_CREDENTIALS`` names), which nobody but its owner may read.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from layers.errors import FetchError
from layers.toml import read_toml

__all__ = ["FILE", "VARIABLE", "Credentials"]

#: Name of the settings file in the data home.
FILE = "credentials.toml"
#: Environment variable that names another settings file.
VARIABLE = "IPOT_CREDENTIALS"
_PREFIX = "IPOT_"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MASK = "***"
#: Shorter words occur in any text by chance; masking them would spoil it.
_SHORTEST = 4


@dataclass(frozen=True)
class Credentials:
    """Secrets by name; printing the object shows none of them.

    Attributes
    ----------
    file : Path, optional
        Settings file; need not exist.
    """

    file: Path | None = None
    _used: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def secret(self, name: str) -> str:
        """Return the secret called `name`.

        Raises
        ------
        FetchError
            If it is nowhere, or others may read the settings file; names both places.
        """
        variable = _PREFIX + name.upper()
        value = os.environ.get(variable) or self._stored().get(name)
        if not isinstance(value, str) or not value:
            place = f" or as '{name}' in {self._path}" if self._path else ""
            msg = f"no credential '{name}': set it in the environment variable {variable}{place}."
            raise FetchError(msg, code="no_credential")
        self._used[name] = value
        return value

    def mask(self, text: str) -> str:
        """Replace every secret that was used by stars."""
        for value in self._values():
            text = text.replace(value, _MASK)
        return text

    def betrayed_by(self, content: bytes) -> bool:
        """Tell whether `content` holds a secret that was used."""
        return any(value.encode() in content for value in self._values())

    def _values(self) -> list[str]:
        return [value for value in self._used.values() if len(value) >= _SHORTEST]

    @property
    def _path(self) -> Path | None:
        named = os.environ.get(VARIABLE)
        return Path(named) if named else self.file

    def _stored(self) -> dict[str, object]:
        path = self._path
        if path is None or not path.is_file():
            return {}
        # Windows has no such bits; its user folders are private from the start.
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            msg = f"{path}: others may read this file of credentials; run: chmod 600 {path}"
            raise FetchError(msg, code="open_credentials")
        return read_toml(path, FetchError)
