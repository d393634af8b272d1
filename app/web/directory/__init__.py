"""Organisations and people: looked up by everybody, kept by the secretariats."""
