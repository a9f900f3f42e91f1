"""Elman and Jordan networks as questions: what is asked, what follows, and what known mistakes compute."""
