"""The page of the self-check, in parts: answering, result, conclusions, comparison, report."""
