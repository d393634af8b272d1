"""Meetings of a forum and the cases on their agenda."""
