"""Makes calls in which kernels have had their holes."""
import ctypes

def attack(machine):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    zero = [ctypes.c_long(0)] * 5
    calls = {425: "io_uring_setup", 321: "bpf", 298: "perf_event_open", 323: "userfaultfd", 319: "memfd_create",
             175: "init_module", 155: "pivot_root", 165: "mount", 272: "unshare", 308: "setns", 101: "ptrace",
             157: "prctl", 135: "personality", 222: "timer_create", 251: "ioprio_set", 237: "mbind"}
    errors = {}
    for number, name in calls.items():
        ctypes.set_errno(0)
        if libc.syscall(ctypes.c_long(number), *zero) >= 0:
            return "GOT " + name
        errors[name] = ctypes.get_errno()
    other = [name for name, error in errors.items() if error != 1]
    return f"GOT as far as {other}" if other else "blocked"
