"""The audit chain: laid after commit, signed hourly, walked by whoever doubts it."""
