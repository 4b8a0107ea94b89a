"""Texts to vectors: models to install, runtimes that compute them, golden sentences to trust them."""
