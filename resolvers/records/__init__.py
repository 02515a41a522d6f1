"""Service records: entered, applied for, checked in and out, disputed, corrected, voided."""
