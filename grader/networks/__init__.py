"""Recurrent networks: forward passes, known mistakes in them, and what follows from own earlier values."""
