"""The record and its face: entries, receipts, the encrypted journal, the screens."""

from __future__ import annotations

__version__ = "0.1.0"
