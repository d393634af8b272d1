"""Whole copies of an installation: taken while it serves, and put back on an empty machine."""
