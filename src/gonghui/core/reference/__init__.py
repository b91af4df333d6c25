"""Code lists, regions and dated parameters: what a notice or a standard may change, kept as dated data with its basis."""
