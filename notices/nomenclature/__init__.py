"""Nomenclatures as data: HS 2022, ICS edition 7, sectors."""
