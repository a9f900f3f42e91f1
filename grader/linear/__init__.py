"""Deciding whether weights make a linear network do what an exercise asks, exactly."""
