"""Commands on forums; the only writers of these tables."""
