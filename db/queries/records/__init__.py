"""Service records as they are entered, changed and read beside the lists."""
