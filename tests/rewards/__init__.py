"""Rewards: earned, redeemed, given back."""
