"""Drafts and presence."""
