"""Certificates: asked for, issued, checked, printed."""
