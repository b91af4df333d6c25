"""Named figures: one definition, one set of rows, any day. Value, breakdown and drill-down come from the same rows."""
