"""The names of the benchmarks, known without loading what they measure."""

NAMES = ("docx", "pages")
