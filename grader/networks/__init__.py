"""Recurrent networks: forward passes, known mistakes in them, what follows from a student's own values."""
