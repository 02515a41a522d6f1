"""Tests of stations and their pages."""
