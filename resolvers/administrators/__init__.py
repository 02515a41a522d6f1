"""Administrators of departments: issued from above, handed over, removed, watched."""
