"""The web pages: their sources, and the script that builds them with Node."""
