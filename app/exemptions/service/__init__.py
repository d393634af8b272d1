"""Commands on legal bases and exemptions."""
