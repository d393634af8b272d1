"""The benchmarks behind ``samstyr bench``: medians and ratios of one run."""
