"""The language in which an exercise says what a network should output."""
