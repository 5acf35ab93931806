"""Reading what the HIS holds: an extract in files, or a read view, brought to one published list of fields."""
