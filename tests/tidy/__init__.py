"""Tests about the code, the texts and the documents themselves."""
