"""The machine room: settings, database, clock, file store, logs, translations. Knows nothing of the domain."""
