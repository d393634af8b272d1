"""Work to be done after a commit: kept in a table, so that it is lost with nothing and done with the effect of once."""
