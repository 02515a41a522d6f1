"""Self-service: ways back into an account, and what guessing them teaches."""
