"""Known mistakes in handed-in weights of linear networks, each one small declaration, and how one is found.

Those in the equations of a network, for numbers and functions, are in `grader.networks.mutants`.
"""
