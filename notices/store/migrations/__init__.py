"""The one Alembic history of the store, run by ``notices.store.upgrade``."""
