"""What users of other offline tills suffered, one test each, named after the complaint; see docs/complaints.md."""
