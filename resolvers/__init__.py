"""Use cases: one function per thing a user can do or ask; no GraphQL, no HTTP, no SQL text."""
