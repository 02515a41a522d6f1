"""A volunteer's file beside the records: trainings, awards, stars, records handed on."""
