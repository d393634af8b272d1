"""Who may do what: the actor, the roles and the one permission table."""
