"""The statistics ledger: what rows count as, folded into totals, read, verified, rebuilt."""
