"""The embedded engine's parts: immutable segments of columns and postings behind one manifest."""
