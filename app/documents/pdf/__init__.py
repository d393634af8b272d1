"""Tagged PDF, set by typst from the same content as the Word files."""
