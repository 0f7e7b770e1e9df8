"""Weightings of several people: kept, collected, compared in pairs and all together."""
