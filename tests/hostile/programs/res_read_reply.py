"""Waits for something to read."""
# wall: 1
import os, select
select.select([], [], [])
