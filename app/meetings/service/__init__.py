"""Commands on meetings and their agendas."""
