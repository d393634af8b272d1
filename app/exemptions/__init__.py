"""Exemption from public access: the legal bases, and each decision that something is withheld."""
