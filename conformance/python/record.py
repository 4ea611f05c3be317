"""What happened, in words that are the same on both sides."""

import asyncio


class A(Exception):
    pass


class B(Exception):
    pass


class C(Exception):
    pass


ERRORS = {"A": A, "B": B, "C": C, "TimeoutError": TimeoutError, "group": BaseExceptionGroup}


def text(error):
    """The whole tree: types, messages, nesting, order."""
    if isinstance(error, BaseExceptionGroup):
        members = ", ".join(text(member) for member in error.exceptions)
        return f"group({error.message})[{members}]"
    if isinstance(error, asyncio.CancelledError):
        return "CancelledError"
    if isinstance(error, TimeoutError):
        return "TimeoutError"
    if isinstance(error, RuntimeError):
        return "InvalidStateError"
    return f"{type(error).__name__}({error})"


class Record:
    """`turn` numbers what comes one after the other at one time."""

    def __init__(self, now, turn=lambda: 0):
        self.now = now
        self.turn = turn
        self.events = []

    def log(self, who, what):
        self.events.append((int(self.now()), self.turn(), f"{who} {what}"))

    def sorted(self):
        return [f"{at}: {what}" for at, _turn, what in sorted(self.events)]
