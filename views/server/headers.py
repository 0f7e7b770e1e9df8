"""Headers that tell browsers what a page may load, who may frame it, and what it may not ask for.

The policy allows nothing but what Streamlit and the map need; each of these exceptions was found by
visiting every page under a policy without it:

===================================  ===============================================================
``script-src blob:``                 Streamlit hands the few lines by which a component loads its
                                     module over as an address of the kind ``blob:``. Only a script
                                     that runs already can make one.
``script-src 'sha256-…'``            The one script within Streamlit's ``index.html``; its hash is
                                     computed from the file that is served.
``style-src 'unsafe-inline'``        Streamlit's parts write their styles into the page while it
                                     runs, and set them on single elements.
``img-src data:``, ``font-src        Icons and a font that stand within Streamlit's own code and
data:``                              stylesheets, maps to print, small maps of indicators.
===================================  ===============================================================

There is neither ``'unsafe-eval'`` nor any other host. WebAssembly, which one of Streamlit's
libraries tries and does without, stays forbidden. Embeds bring a stricter policy of their own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from streamlit.file_util import get_static_dir

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ALWAYS", "SecurityHeaders", "page_policy"]

#: Sent with every answer, unless it brings its own.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{one}=()"
        for one in (
            "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
            "magnetometer", "microphone", "midi", "payment", "serial", "usb",
        )
    ),
}  # fmt: skip
_STARTS = {"http.response.start", "websocket.accept", "websocket.http.response.start"}
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """ASGI middleware: sets `ALWAYS` and the policy of pages on every answer and handshake.

    Parameters
    ----------
    home : str
        Path of the home page.
    framed_by : tuple of str
        Other origins that may frame the pages.
    """

    def __init__(self, app: ASGIApp, home: str, framed_by: tuple[str, ...] = ()) -> None:
        self.app = app
        self.headers = ALWAYS | {"Content-Security-Policy": page_policy(framed_by)}
        # For browsers that know no frame-ancestors; it cannot name other origins.
        self.framed = {} if framed_by else {"X-Frame-Options": "SAMEORIGIN"}
        self.embeds = f"{home}/embed/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        wanted = self.headers
        if not str(scope["path"]).startswith(self.embeds):
            wanted = wanted | self.framed

        async def armed(message: Message) -> None:
            if message["type"] in _STARTS:
                message.setdefault("headers", [])
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, armed)


def page_policy(framed_by: tuple[str, ...] = ()) -> str:
    """Return the Content-Security-Policy of the pages (W3C CSP Level 3)."""
    inline = " ".join(f"'sha256-{one}'" for one in _inline_scripts())
    return "; ".join((
        "default-src 'none'",
        f"script-src 'self' blob: {inline}".strip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        " ".join(("frame-ancestors 'self'", *framed_by)),
    ))  # fmt: skip


@cache
def _inline_scripts() -> tuple[str, ...]:
    """Hashes of the scripts that stand within Streamlit's page."""
    page = (Path(get_static_dir()) / "index.html").read_bytes()
    return tuple(
        base64.b64encode(hashlib.sha256(one).digest()).decode() for one in _INLINE.findall(page)
    )
