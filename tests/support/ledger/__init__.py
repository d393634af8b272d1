"""A served installation that is killed again and again, clients that keep a ledger of what they were told, and the comparison."""
