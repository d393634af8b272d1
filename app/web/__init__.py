"""Pages: routes, forms and what templates are given. No rules of its own."""
