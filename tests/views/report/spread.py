"""Ten very different Kreise."""

from __future__ import annotations

#: The longest name, most flags, most gaps, a Land of one, the smallest population, the largest
#: area, the last rank, the first, most neighbours, and no neighbour of its own type.
SPREAD = ["09575", "16063", "03159", "11000", "07320", "13071", "05513", "09477", "07338", "01055"]
