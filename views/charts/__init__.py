"""Charts and tables as pictures: what altair and HTML draw, without any page around it."""
