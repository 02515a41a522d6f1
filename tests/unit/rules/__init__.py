"""Pure rules against the vectors of their sources."""
