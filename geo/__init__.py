"""Where it is measured: regions, boundaries, reforms, maps and files for publication."""
