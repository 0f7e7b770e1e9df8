"""What the home page will need in any case, named in its answer, so that browsers fetch it early.

Streamlit's own code has to be loaded and run before it asks for the map's. By then the map's code
and drawing have arrived.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.datastructures import MutableHeaders

from layers.errors import PotenzialatlasError
from views.embed.linker import modules
from views.map_component import ASSETS, asset_url, geometry_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Preload"]

#: Modules that the home page starts from.
_ENTRIES = ("map.js", "weights.js")


class Preload:
    """ASGI middleware: adds a ``Link`` header (RFC 8288) to the answer that holds the home page.

    Parameters
    ----------
    home : str
        Path of the home page.
    drawing : callable
        Gives the document of `geo.encode.encode`; asked at the first visit.
    """

    def __init__(self, app: ASGIApp, home: str, drawing: Callable[[], Mapping[str, Any]]) -> None:
        self.app, self.home, self.drawing = app, home, drawing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] != "http" or scope["path"].rstrip("/") != self.home:
            await self.app(scope, receive, send)
            return

        links = self._links()

        async def hinted(message: Message) -> None:
            if links and message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Link", links)
            await send(message)

        await self.app(scope, receive, hinted)

    def _links(self) -> str:
        try:
            address = geometry_url(self.drawing())
        except PotenzialatlasError:
            # Without a drawing there is no map; why, the page itself says.
            return ""
        return f"<{address}>; rel=preload; as=fetch; crossorigin, {_module_hints()}"


@cache
def _module_hints() -> str:
    """Name the modules, which are as they were when first asked for (see `assets`)."""
    needed = modules(*(ASSETS / name for name in _ENTRIES))
    return ", ".join(f"<{asset_url(name)}>; rel=modulepreload" for name in needed)
