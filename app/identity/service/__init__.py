"""Commands on users, invitations and sessions; the only writers of these tables."""
