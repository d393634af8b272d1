"""Commands on cases: one file for each noun or verb."""
