"""Connectors: each speaks to one kind of HIS."""
