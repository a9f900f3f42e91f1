"""The program that runs inside the sandbox.

Started by path, never imported by the grader except for `caps`. Standard library and numpy only.
"""
