"""Complaints, contributed articles, notices."""
