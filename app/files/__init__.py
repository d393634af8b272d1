"""Stored blobs: which files may come in, and how they go out."""
