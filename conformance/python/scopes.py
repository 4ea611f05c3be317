"""The tree of scopes: what a cancel reaches, and what ends it. See the rules in `differences.json`."""

import asyncio

from loop import TurnLoop

loop = TurnLoop()


def cancelled_by(cause):
    """The cancel of a task whose owner was cancelled."""
    error = asyncio.CancelledError()
    error.because = cause
    return error


def stems_from(error, cause):
    """Whether `error` is the cancel `cause`, or one that it led to."""
    while error is not None and error is not cause:
        error = getattr(error, "because", None)
    return error is not None


class Scope:
    """`cause` is the error of the cancel that reached it, the same for all that it reached."""

    def __init__(self, parent, rules, host=None, shielded=False):
        self.parent = parent
        self.rules = rules
        self.host = self if host is None else host
        self.shielded = shielded
        self.cause = None if parent is None or shielded else parent.cause
        self.absorbs = False
        self.closed = False
        self.gathered_in = None  # a task that ends with a scope it does not stand in
        self.failing = False  # in the next turn it will be cancelled
        self.children = {}
        self.waits = {}
        if parent is not None:
            parent.children[self] = None

    def cancel(self, cause=None):
        if self.closed:
            return
        if self.cause is not None:
            self.rules.add("level")
            return
        self.absorbs = True
        for scope in reversed(self._mark(cause or asyncio.CancelledError())):
            scope._tell()

    def _mark(self, cause):
        pending, reached = [self], []
        while pending:
            scope = pending.pop()
            scope.cause = cause
            reached.append(scope)
            for child in scope.children:
                if child.shielded:
                    self.rules.add("shield-is-a-block")
                elif child.cause is None:
                    pending.append(child)
                    if child.host is child and scope is not self:
                        self.rules.add("scopes")
        return reached

    def _tell(self):
        host = self.host
        if host.over or host.ready is self:
            self.rules.add("ready-values-stay")
        for wait in list(self.waits):
            wait.interrupt(self.cause)
        self.on_cancel()

    def on_cancel(self):
        pass

    def on_child_closed(self):
        pass

    def close(self):
        if self.closed:
            return
        self.closed = True
        for wait in list(self.waits):
            wait.interrupt(self.cause or asyncio.CancelledError())
        del self.parent.children[self]
        self.parent.on_child_closed()

    def step(self):
        """Code in this scope runs, which asyncio may have cancelled at once."""
        scope = self
        while scope is not None:
            if scope.failing and scope.cause is None:
                self.rules.add("same-turn")
            scope = scope.gathered_in or scope.parent

    def outer(self):
        """The cancel that has to pass through the edge of this scope."""
        outer = None if self.shielded else self.parent.cause
        return outer or (None if self.absorbs else self.cause)


class Host(Scope):
    """A scope with code of its own: a task, or the whole run."""

    def __init__(self, parent, rules):
        super().__init__(parent, rules)
        self.refused = False
        self.told = None  # the last cause that its code has seen
        self.ready = None  # the scope of a wait that has got its value
        self.over = False  # its code has come to its end
        self.inner = self


class Wait:
    """A future in a scope: it ends at the moment of the cancel, and keeps a value that it has."""

    def __init__(self, scope, on_cancel=None):
        self.scope = scope
        self.on_cancel = on_cancel
        self.future = loop.create_future()
        self.interrupted = False
        scope.waits[self] = None

    def interrupt(self, cause):
        if self.interrupted:
            return
        self.interrupted = True
        self.scope.host.refused = True
        self.scope.host.told = cause
        if self.on_cancel is None or self.on_cancel(cause) is not False:
            self.reject(cause)

    def resolve(self, value=None):
        if self._leave():
            self.future.set_result(value)
            self.scope.host.ready = self.scope

    def reject(self, error):
        if self._leave():
            self.future.set_exception(error)

    def _leave(self):
        return self.scope.waits.pop(self, self) is None

    async def parked(self):
        host = self.scope.host
        try:
            return await self.future
        finally:
            host.ready = None
            self.scope.step()


async def refuse(host, cause):
    """Told for the first time at once, then in a later turn."""
    if host.refused:
        future = loop.create_future()
        loop.next_turn(lambda: future.set_result(None))
        await future
    host.refused = True
    host.told = cause
    raise cause


async def refuse_if_cancelled(scope, stock_would_suspend=True):
    if scope.cause is None:
        return
    if scope.host.told is scope.cause or not stock_would_suspend:
        scope.rules.add("level")
    await refuse(scope.host, scope.cause)
