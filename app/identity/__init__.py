"""Users, passwords, sessions, invitations. Says who somebody is; never what they may do."""
