"""Brightspace (D2L): its downloads of submissions are read."""
