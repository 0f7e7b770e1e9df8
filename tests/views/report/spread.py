"""Eleven very different Kreise."""

from __future__ import annotations

#: The longest name, most flags, most gaps, a Land of one, the smallest population, the largest
#: area, the last rank, the first, most neighbours, no neighbour of its own type, and the longest
#: words on services.
SPREAD = ["09575", "16063", "03159", "11000", "07320", "13071", "05513", "09477", "07338", "01055",
          "12071"]  # fmt: skip
