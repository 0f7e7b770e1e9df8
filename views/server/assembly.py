"""What `app.py` puts around the pages: routes, middleware, beginning and end."""

from __future__ import annotations

from starlette.middleware import Middleware

from views.map_component import base_path
from views.server import offline
from views.server.answers import Answers
from views.server.doorway import Doorway
from views.server.faults import show_fault
from views.server.gate import Gate
from views.server.headers import SecurityHeaders
from views.server.health import routes
from views.server.life import life
from views.server.limit import Limit
from views.server.settings import settings
from views.server.statics import Statics

__all__ = ["life", "middleware", "routes", "show_fault"]


def middleware() -> list[Middleware]:
    """Return what every request passes, the outermost first."""
    offline.ask_nobody()
    home, chosen = base_path(), settings()
    return [
        Middleware(SecurityHeaders, home=home, framed_by=chosen.framed_by),
        Middleware(Answers, home=home),
        Middleware(Gate, home=home, metrics=chosen.metrics),
        Middleware(Limit, home=home, rate=chosen.rate, burst=chosen.burst),
        Middleware(Doorway, home=home),
        Middleware(Statics, home=home),
    ]
