"""WHAT WE KNOW: the domain model, identities, nomenclatures, errors, ports and the durable store."""
