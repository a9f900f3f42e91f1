"""Known mistakes with linear networks, each one small declaration, and how an answer is matched with them."""
