"""Reading of finished papers: from text as it came to content, with the place of every line."""

from app.documents.reading.checking import every_line_once, printed_lines
from app.documents.reading.paper import PlacedLine, ReadPaper
from app.documents.reading.reader import read_case_presentation

__all__ = ["PlacedLine", "ReadPaper", "every_line_once", "printed_lines", "read_case_presentation"]
