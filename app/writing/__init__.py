"""Text on its way: drafts that only their writer sees, and who is writing where just now."""
