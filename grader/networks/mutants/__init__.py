"""Known mistakes as changes of a network's equations."""
