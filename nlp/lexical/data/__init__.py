"""Glossary and word lists (a package, so that the wheel carries them)."""
