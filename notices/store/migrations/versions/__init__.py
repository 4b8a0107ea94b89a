"""One module for each revision; released ones are never edited."""
