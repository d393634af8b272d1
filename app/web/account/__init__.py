"""Logging in and out, invitations, and what a person decides about their own account."""
