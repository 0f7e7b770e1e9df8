"""What the home page will need in any case, named in its answer, so that browsers fetch it early.

Streamlit's own code has to be loaded and run before it asks for the map's. By then the map's code
and drawing have arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.datastructures import MutableHeaders

from views.map_component import asset_url, geometry_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Preload"]

#: Modules of the home page, each with all that it imports.
_MODULES = (
    "map.js", "weights.js", "canvas_ground.js", "geometry.js", "gestures.js", "dom.js",
    "legend.js", "tip.js", "viewport.js", "live.js", "mount.js", "style.js", "svg_ground.js",
    "walk.js", "raster.js", "bands.js", "kernel.js", "shares.js", "hatches.js", "classes.js",
)  # fmt: skip


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

        async def hinted(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Link", self._links())
            await send(message)

        await self.app(scope, receive, hinted)

    def _links(self) -> str:
        modules = [f"<{asset_url(name)}>; rel=modulepreload" for name in _MODULES]
        drawing = f"<{geometry_url(self.drawing())}>; rel=preload; as=fetch; crossorigin"
        return ", ".join([drawing, *modules])
