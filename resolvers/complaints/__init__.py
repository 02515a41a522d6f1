"""What is done about complaints (DOMAIN §5 rows 15, 16; §6.6)."""
