"""The edge: HTTP, who asks, trusted documents, limits, the execution engine, CLI, web pages."""
