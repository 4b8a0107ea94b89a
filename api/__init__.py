"""WHERE PEOPLE MEET IT: the HTTP API and the pages."""
