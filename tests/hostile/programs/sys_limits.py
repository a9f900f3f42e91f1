"""Raises its own limits."""
import resource

def attack(machine):
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_FSIZE"):
        number = getattr(resource, name)
        soft, hard = resource.getrlimit(number)
        try:
            resource.setrlimit(number, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return "GOT " + name
        except (ValueError, OSError):
            pass
    raise PermissionError
