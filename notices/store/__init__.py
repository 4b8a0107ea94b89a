"""The durable store on SQLite or PostgreSQL; the only room that knows SQL."""

from notices.store.open import open_store

__all__ = ["open_store"]
