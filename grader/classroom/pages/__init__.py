"""A class as pages: an index for staff, and beside it a page a student, which is made elsewhere.

`overview` gathers what staff want to know, `staff_page` lays it out, `pictures` draws.
"""
