"""Papers as content and as files: frozen dataclasses, one builder and one reader per document. No database."""
