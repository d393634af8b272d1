"""The demo: invented people in real kinds of forum, loaded into an empty database."""
