"""Browser tests: Node scripts that drive Chromium against a running gateway."""
