"""Pages for people: rendered on the server, in Korean and English, without scripts."""
