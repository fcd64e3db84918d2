"""How much memory this process has, where the system tells."""

from pathlib import Path

__all__ = ["memory_in_use"]

_STATUS = Path("/proc/self/statm")
_PAGE = 4_096  # bytes


def memory_in_use() -> int:
    """Give the process's virtual size in bytes, which is what RLIMIT_AS counts; 0 if unknown."""
    try:
        return int(_STATUS.read_text().split()[0]) * _PAGE
    except OSError:
        return 0
