"""CAT-SOOP: a question type marks what is typed, with results that are written for it."""
