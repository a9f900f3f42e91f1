"""The version of rnngrade, which an installation takes from here: reading its metadata takes 7 ms."""

VERSION = "0.1.0"
