"""The exercises: one TOML file each; the file's stem is the exercise's id."""
