"""What the site says from the program itself, made anew in every build so that it is never stale.

A page holds lines such as ``{{ indicators }}`` or ``{{ docstrings stages }}``: the first word names
a function of `handbook.pieces`, the rest is handed to it. `fill` puts Markdown in their places.
"""

from handbook.fill import fill, names
from handbook.terms import tooltips

__all__ = ["fill", "names", "tooltips"]
