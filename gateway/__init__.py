"""The edge: HTTP, who is asking, trusted documents, limits, the execution engine, CLI, web pages."""
