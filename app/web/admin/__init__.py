"""Users and rights, for those who run the installation."""
