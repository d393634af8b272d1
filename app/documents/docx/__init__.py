"""Word files, written as text into the parts of a template that was read once."""
