"""Routes of the JSON API: ask a service, shape the answer."""
