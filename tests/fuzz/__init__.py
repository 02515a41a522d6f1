"""Documents drawn at random, asked over HTTP."""
