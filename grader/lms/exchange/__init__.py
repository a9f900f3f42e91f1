"""Questions for the tests of other platforms: what those can hold of an exercise, and why not the rest."""
