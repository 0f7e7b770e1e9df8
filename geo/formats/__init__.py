"""File formats: each renders one document, or several as a bundle, into bytes."""
