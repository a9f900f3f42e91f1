"""All attempts of an exercise marked anew: `trial` keeps it, `marker` marks, `proposal` compares.

A regrade is marked by one text of the exercise, kept when it began, below students' hand-ins. Nothing of it
stands until somebody has seen who changes and applies it, in `settling`; an attempt that got another result
meanwhile keeps that one, and what is handed in meanwhile is no part of it.
"""
