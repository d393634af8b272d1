"""What every page uses: the visit, forms, templates, errors, headers. Nothing of any one area."""
