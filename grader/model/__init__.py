"""The types that every step hands to the next. No logic, no heavy imports."""
