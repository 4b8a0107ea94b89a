"""HOW IT IS FOUND: query text, index documents, two engines behind one port, the indexer."""
