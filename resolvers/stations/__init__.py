"""Stations: what their pages say, who keeps them, which phase they are in."""
