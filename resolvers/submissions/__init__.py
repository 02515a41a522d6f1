"""What is done about contributed articles (DOMAIN §5 row 17; §6.7)."""
