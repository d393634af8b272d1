"""Pages of forums: what they are, who sits there, how they work, what has happened."""
