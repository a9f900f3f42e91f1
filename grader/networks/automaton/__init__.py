"""Whether a network does the same as a target on all words over finitely many inputs."""
