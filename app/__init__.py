"""Samstyr: meetings and cases for the bodies that steer digitalisation across the public sector."""
