"""EU acts: bytes of the Official Journal (two HTML families, Formex 4) → one text with its structure. Pure."""
