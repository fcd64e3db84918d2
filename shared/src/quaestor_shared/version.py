"""The version of this system: all of its packages have the same."""

__all__ = ["VERSION"]

VERSION = "0.1.0"
