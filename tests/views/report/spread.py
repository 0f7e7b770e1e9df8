"""Eleven very different Kreise."""

from __future__ import annotations

#: The longest name, most flags, most gaps, a Land of one, the smallest population, the largest
#: area, the last rank, the first, most neighbours, no neighbour of its own type, and the longest
#: words on services.
SPREAD = ["09575", "16063", "03159", "11000", "07320", "13071", "05513", "09477", "07338", "01055",
          "12071"]  # fmt: skip

#: Those of them that fill their pages most or least: by names, flags, gaps, neighbours and words.
FULLEST = ["09575", "16063", "03159", "11000", "09477", "07338", "12071"]
