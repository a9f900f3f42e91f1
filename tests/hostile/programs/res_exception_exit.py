"""An exception whose text ends the process."""
import os
class Evil(Exception):
    def __str__(self):
        os._exit(0)
    __repr__ = __str__
raise Evil
