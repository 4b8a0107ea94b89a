"""Adapters of the IndexBackend port; the only place that knows an engine."""
