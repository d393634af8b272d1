"""From records to papers and back: frozen content of a presentation, its Word file, and finished papers read in."""
