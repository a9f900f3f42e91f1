"""The network that an answer is, to be run step by step."""

from grader.training.own_network import own_network

__all__ = ["own_network"]
