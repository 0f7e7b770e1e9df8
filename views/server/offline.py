"""No question to the outside: what Streamlit would ask other hosts about this machine.

To judge where a connection comes from, and to print its own address, Streamlit asks a host on the
internet which address this machine has there. Anybody could make the server ask, by one request
with a strange ``Origin``. The answer is needed by nobody: connections from the server's own address
are let in by comparison with ``Host``, and others by ``server.corsAllowedOrigins``.
"""

from __future__ import annotations

from streamlit import net_util

__all__ = ["ask_nobody"]


def ask_nobody() -> None:
    """Let Streamlit know no address of this machine but the local one."""
    net_util.get_external_ip = _unknown
    net_util.get_internal_ip = _unknown


def _unknown() -> None:
    return None
