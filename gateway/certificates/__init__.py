"""Certificates on paper and on the web: the PDF, its download, the public check."""
