"""What is right: the networks, systems and signals that answers are compared with."""
