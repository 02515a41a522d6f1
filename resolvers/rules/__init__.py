"""Rules of the work itself, pure: values in, findings out."""
