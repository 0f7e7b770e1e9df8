"""How far people live from places: the next station, the next centre, places of one's own."""
