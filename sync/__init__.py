"""Telling the HIS, and hearing from it: reference data in, entries out. A process of its own."""
