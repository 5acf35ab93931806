"""The board's rows, out of the hub's store."""
