"""How sure a rank is: extremes, flips, acceptability, multiverse, Sobol indices."""
