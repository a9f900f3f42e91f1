"""The trusted half of the sandbox: starts, watches and ends the other half, and reads what comes out."""
