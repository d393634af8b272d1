"""Is the process alive, and is it ready for visitors."""
