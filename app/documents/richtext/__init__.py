"""Rich text as a small tree of blocks: stored as JSON, edited as Markdown, shown as HTML, written to Word."""
