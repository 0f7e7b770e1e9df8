"""Everything that can be set for a server, in one place.

Each setting is a key of a TOML file, which the environment variable `FILE` names, or an environment
variable of its own: ``POTENZIALATLAS_`` and the key in capitals, lists with commas between. The
variable wins. What Streamlit itself can be told (address, port, path) stays with Streamlit.
"""

from __future__ import annotations

import ipaddress
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from layers.errors import PotenzialatlasError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FILE", "PREFIX", "Settings", "SettingsError", "read", "settings"]

PREFIX = "POTENZIALATLAS_"
#: Environment variable that names the TOML file.
FILE = f"{PREFIX}SERVER"
#: What may stand in ``frame-ancestors``: a scheme and a host, with one star and a port at most.
_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")


class SettingsError(PotenzialatlasError):
    """A setting of the server is unknown or not allowed."""


def _listed(given: object) -> object:
    """Take a list apart that came as one text."""
    if isinstance(given, str):
        return tuple(one.strip() for one in given.split(",") if one.strip())
    return given


_Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
_Line = Annotated[str, Field(max_length=500)]


class Settings(BaseModel):
    """Settings of one server.

    Attributes
    ----------
    log : {"json", "text", "errors", "off"}
        Lines on standard error: one per answer and event as JSON or to be read by people, or those
        of warnings and errors alone, or none.
    log_details : bool
        Whether a logged error carries its message, which may quote what somebody typed.
    rate, burst : int
        Answers of ``/api`` and ``/embed`` that one client gets per minute, and at once before
        that counts; a rate of 0 sets no limit.
    trusted_proxies : tuple of str
        Addresses or networks whose ``X-Forwarded-For`` is believed.
    framed_by : tuple of str
        Origins that may show the pages in a frame, beside the server itself; embeds need none.
    drain : float
        Seconds between the first sign of the end (readiness 503) and closing the door.
    stop_within : float
        Seconds from the signal to the end of the process at most.
    expect : str
        Dataset as ``id@version`` that readiness insists on; empty for any.
    free_disk : int
        Megabytes that must be free where temporary files go.
    metrics : bool
        Whether ``/_stcore/metrics`` answers; it tells memory and sessions to everybody.
    signin_claim, signin_allow : str, tuple of str
        Claim of the signed-in person and its allowed values; without values whoever signs in may.
        For the claim ``email`` a value ``@example.org`` allows all addresses there.
    signin_hours : float
        Hours for which a sign-in counts.
    operator, operator_contact, operator_enforcement : str
        Who runs this copy, with a postal address; how people reach them about barriers (mail
        address, telephone, form); and the body to turn to where that does not help. The page on
        accessibility shows them as plain text, and says what is missing where they are empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    log: Literal["json", "text", "errors", "off"] = "errors"
    log_details: bool = False
    rate: Annotated[int, Field(ge=0, le=100_000)] = 120
    burst: Annotated[int, Field(ge=1, le=10_000)] = 60
    trusted_proxies: _Names = ()
    framed_by: _Names = ()
    drain: Annotated[float, Field(ge=0, le=120)] = 1
    stop_within: Annotated[float, Field(ge=1, le=600)] = 20
    expect: str = ""
    free_disk: Annotated[int, Field(ge=0)] = 50
    metrics: bool = False
    signin_claim: Annotated[str, Field(min_length=1)] = "email"
    signin_allow: _Names = ()
    signin_hours: Annotated[float, Field(gt=0, le=720)] = 12
    operator: _Line = ""
    operator_contact: _Line = ""
    operator_enforcement: _Line = ""

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            ipaddress.ip_network(one)
        return given

    @field_validator("framed_by")
    @classmethod
    def _origins(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            if not _ORIGIN.fullmatch(one):
                raise ValueError(f"'{one:.80}' is no origin such as https://www.example.org")
        return given


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings that an environment gives.

    Raises
    ------
    SettingsError
        If the file cannot be read, or a setting is unknown or not allowed; names each.
    """
    content: dict[str, Any] = {}
    named = environment.get(FILE)
    if named:
        content = read_toml(Path(named), SettingsError)
    for key in Settings.model_fields:
        if (text := environment.get(f"{PREFIX}{key.upper()}")) is not None:
            content[key] = text
    return validate(Settings, content, where=named or "settings", error=SettingsError)


@cache
def settings() -> Settings:
    """Return the settings of this process, as they were when first asked for."""
    return read(os.environ)
