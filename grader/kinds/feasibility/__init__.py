"""Can a network of this structure and size do it at all, and if not, why?"""
