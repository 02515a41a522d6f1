"""Viewer and standing, the rule that decides, the permission-group table, and its SQL twin."""
