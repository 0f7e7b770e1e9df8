"""Looking into an index: coherence, profiles, comparisons, several years."""
