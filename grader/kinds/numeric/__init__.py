"""Numbers, vectors and matrices: exact, or to so many decimal places, entry by entry."""
