"""Methods as pure functions on arrays: filling gaps, taming outliers, scales and means."""
