"""Leaves with status 0."""
import sys
sys.exit(0)
