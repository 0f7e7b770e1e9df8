"""What kind of thing a path names: all that the log keeps of it, and what limits hold for it."""

from __future__ import annotations

__all__ = ["kind_of", "within"]

#: First segments of a path and what they hold; everything else is a page.
_KINDS = {
    "static": "asset", "media": "media", "component": "asset", "atlas": "atlas",
    "api": "api", "embed": "embed", "auth": "signin", "oauth2callback": "signin",
    "healthz": "health", "readyz": "health",
}  # fmt: skip
_CORE = {"stream": "session", "health": "health", "bidi-components": "asset"}


def within(path: str, home: str) -> str:
    """Return a path as it stands below the home page, without the first slash."""
    return path.removeprefix(home).lstrip("/")


def kind_of(path: str, home: str) -> str:
    """Return the kind of a path: page, asset, atlas, media, api, embed, session, health, ...

    Nothing that somebody chose is in it: no region, no query, no session.
    """
    first, _, rest = within(path, home).partition("/")
    if first == "_stcore":
        return _CORE.get(rest.partition("/")[0], "core")
    return _KINDS.get(first, "asset" if "." in first else "page")
