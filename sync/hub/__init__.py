"""The hub: one HTTPS port on the IT PC where the entries of all stations come together."""
