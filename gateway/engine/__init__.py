"""Breadth-first, compiled execution of GraphQL for Strawberry; knows nothing of volunteers."""
