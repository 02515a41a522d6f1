"""Random checks of records and certificates (监管抽查, O67 §21-22)."""
