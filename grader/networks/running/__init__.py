"""A network run: as compiled numpy, or in any arithmetic."""
