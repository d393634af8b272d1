"""Pages of meetings and their agendas."""
