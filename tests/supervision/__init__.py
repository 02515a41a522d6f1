"""Random checks: drawn, examined, published, followed up."""
