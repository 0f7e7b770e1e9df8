"""Charts and tables as pictures: what altair and HTML draw, without any page around it."""

from __future__ import annotations

import altair as alt
from altair.utils import schemapi

# A chart is checked once, when it is handed over; to check each of its parts as well takes as long
# as all the rest, and whoever moves a weight waits for it.
schemapi.disable_debug_mode()
# Sizes come from the page, colours from its theme.
alt.theme.enable("none")
