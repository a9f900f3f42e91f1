"""Blackboard: its submission exports are read."""
