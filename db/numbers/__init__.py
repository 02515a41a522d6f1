"""Numbers that people carry: resident IDs, social credit codes, the system's own."""
