"""Tables of sector tagging (a package, so that the wheel carries them)."""
