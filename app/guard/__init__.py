"""The one guard in front of every file from outside: what may come in, what is taken out of it, and what is refused."""
