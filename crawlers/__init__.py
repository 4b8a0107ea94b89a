"""HOW IT GETS IN: one YAML file, one spider and one pure page per source."""
