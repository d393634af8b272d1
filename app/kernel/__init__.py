"""The ground floor: errors, value objects and the workflow engine. Standard library only."""
