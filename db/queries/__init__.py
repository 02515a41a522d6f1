"""Statements over the tables: one module per question, SQL and nothing else."""
