"""Cases: the list, the paper as it is read, its editing, its files, its steps, and papers in and out."""
