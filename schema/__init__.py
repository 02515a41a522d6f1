"""The typed GraphQL schema: types, inputs, payloads, roots, and which role sees which member."""
