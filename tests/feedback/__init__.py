"""Tests of the feedback on the trial."""
