"""Orders of growth of formulas in sizes that all grow without bound, each in its own way: Theta, decided."""
