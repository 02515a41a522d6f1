"""Models, queries, migrations, sessions, the embedded servers, seed data."""
