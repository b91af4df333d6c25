"""The service areas, one folder each, on floors (pyproject.toml, import contracts)."""
