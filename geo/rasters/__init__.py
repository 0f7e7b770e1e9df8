"""Rasters: where people live, and what files with a value per cell say about regions."""
