"""Organisations and persons, with the names they had at any date."""
