"""Pages for other people's pages: one self-contained file each, and the lines that show it.

An embed is one HTML file without any address in it that would be loaded: drawing, numbers, style
and the app's own browser code lie inside. It keeps nothing in the reader's browser and asks nobody
for anything. Without scripts it is a fixed picture with its table.
"""

from views.embed.build import KINDS, Embed, Kind, build
from views.embed.matter import Matter
from views.embed.offer import offer
from views.embed.snippet import plain_snippet, snippet

__all__ = ["KINDS", "Embed", "Kind", "Matter", "build", "offer", "plain_snippet", "snippet"]
