"""Fetching the publishers' files: nothing in here is needed, or called, without being asked for.

Offline is the normal state. Files and answers are fetched into an immutable snapshot, from which
the readers of `layers.sources` read as they read from any folder.
"""
