"""The judges: of an exercise, of two ways to the same quantities, and of the installation."""

from .differences import Differences, differences
from .exercise import check
from .installation import Installation
from .verdict import Verdict

__all__ = ["Differences", "Installation", "Verdict", "check", "differences"]
