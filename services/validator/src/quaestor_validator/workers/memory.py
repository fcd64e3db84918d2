"""How much memory this process has, where the system tells."""

from pathlib import Path

__all__ = ["memory_in_use", "most_memory"]

_SIZES, _STATUS = Path("/proc/self/statm"), Path("/proc/self/status")
_PAGE = 4_096  # bytes
_KIB = 1_024


def memory_in_use() -> int:
    """Give the process's virtual size in bytes, which is what RLIMIT_AS counts; 0 if unknown."""
    try:
        return int(_SIZES.read_text().split()[0]) * _PAGE
    except OSError:
        return 0


def most_memory() -> int:
    """Give the largest virtual size that the process has had, in bytes; 0 if unknown."""
    try:
        lines = _STATUS.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KIB for line in lines if line.startswith("VmPeak")), 0)
