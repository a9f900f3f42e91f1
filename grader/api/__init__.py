"""What `import rnngrade` offers: an exercise, a mark for a file or for names in a notebook, and a report."""
