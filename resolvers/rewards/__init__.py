"""Points earned by service, and what they are redeemed against (激励回馈)."""
