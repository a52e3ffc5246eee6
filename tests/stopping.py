"""Break off whatever runs, at a place of one's choice."""

import sys
from collections.abc import Callable
from types import FrameType

from bpttlib import Learner


def stopped(call: Callable, place: int, counts: Callable[[FrameType, str], bool], error=KeyboardInterrupt) -> bool:
    """Raise the error at the place-th event that counts, as a profiler sees them; whether the call came so far."""
    count = 0

    def hook(frame, event, _):
        nonlocal count
        if frame.f_code is not stopped.__code__ and counts(frame, event):
            count += 1
            if count == place:
                sys.setprofile(None)
                raise error

    before = sys.getprofile()
    sys.setprofile(hook)
    try:
        call()
    except error:
        return True
    finally:
        sys.setprofile(before)
    return False


def at_an_update(frame: FrameType, event: str) -> bool:
    """Where a `Learner` begins an update."""
    return event == "call" and frame.f_code is Learner.learn.__code__
