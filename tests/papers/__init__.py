"""Pictures of every paper, for the documents and to be looked at."""
