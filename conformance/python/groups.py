"""Programs of kind "groups": trees of errors, divided, derived, and handled with except*."""

import asyncio


class Fault(Exception):
    pass


class Glitch(Fault):
    pass


class SmallGlitch(Glitch):
    pass


class Outage(Exception):
    pass


class Batch:
    """Derives its own class."""

    def derive(self, excs):
        return make_group("Batch", self.message, excs)


class Ledger:
    """Leaves it to the default: parts are plain groups."""


class Renamed:
    """Derives its own class, with a message that says so."""

    def derive(self, excs):
        return make_group("Renamed", PART + own_message(self), excs)


class Signed:
    """Derives its own class, with a cause and a note."""

    def derive(self, excs):
        part = make_group("Signed", self.message, excs)
        part.__cause__ = self
        part.add_note("signed")
        return part


PART = "part of "

LEAVES = {
    "Fault": Fault,
    "Glitch": Glitch,
    "SmallGlitch": SmallGlitch,
    "Outage": Outage,
    "TypeError": TypeError,
    "CancelledError": asyncio.CancelledError,
}

# A class with a cancellation inside cannot be an Exception, so each comes in two forms.
GROUPS = {
    mixin.__name__: tuple(
        type(prefix + mixin.__name__, (mixin, base), {})
        for prefix, base in (("", ExceptionGroup), ("Base", BaseExceptionGroup))
    )
    for mixin in (Batch, Ledger, Renamed, Signed)
}
PLAIN = (ExceptionGroup, BaseExceptionGroup)


def make_group(name, message, excs):
    ordinary, base = GROUPS.get(name, PLAIN)
    return (ordinary if all(isinstance(e, Exception) for e in excs) else base)(message, excs)


def own_message(group):
    return group.message.removeprefix(PART)


class Errors(list):
    """The errors of a program, each by its number."""

    def __init__(self, nodes):
        for number, node in enumerate(nodes):
            if "members" in node:
                members = [self[member] for member in node["members"]]
                error = make_group(node["is"], f"group {number}", members)
            else:
                error = LEAVES[node["is"]](f"error {number}")
            if node["cause"] is not None:
                error.__cause__ = self[node["cause"]]
            for note in node["notes"]:
                error.add_note(note)
            self.append(error)
        self.numbers = {id(error): number for number, error in enumerate(self)}

    def at(self, number):
        """The error with that number; they repeat. Never the root: see errors.ts."""
        return self[number % (len(self) - 1)]

    def describe(self, error):
        """An error and all in it; None for none."""
        if error is None:
            return None
        cause = error.__cause__
        facts = {
            "is": type(error).__name__.removeprefix("Base"),
            "cause": None if cause is None else self.numbers.get(id(cause), "another"),
            "notes": list(getattr(error, "__notes__", [])),
        }
        if not isinstance(error, BaseExceptionGroup):
            return {"error": self.numbers[id(error)], **facts}
        members = [self.describe(member) for member in error.exceptions]
        return {"group": error.message, **facts, "members": members}

    def same_tree(self, one, other):
        """Whether two errors have the same leaves in the same groups."""
        if not isinstance(one, BaseExceptionGroup):
            return one is other
        return (
            isinstance(other, BaseExceptionGroup)
            and own_message(one) == own_message(other)
            and len(one.exceptions) == len(other.exceptions)
            and all(map(self.same_tree, one.exceptions, other.exceptions))
        )


def condition(matcher, root_class):
    """What split() takes, and what stands behind except*."""
    if "says" in matcher:
        return PREDICATES[matcher["says"]](matcher.get("number"))
    classes = {**LEAVES, **GROUPS, "Error": (root_class,), "ExceptionGroup": (BaseExceptionGroup,)}
    found = [classes[name] for name in matcher["classes"]]
    flat = [cls for entry in found for cls in (entry if isinstance(entry, tuple) else (entry,))]
    return flat[0] if len(flat) == 1 and not matcher["list"] else tuple(flat)


PREDICATES = {
    "always": lambda _: lambda error: True,
    "never": lambda _: lambda error: False,
    "ends with": lambda number: lambda error: text_of(error).endswith(str(number)),
    "has members": lambda number: lambda error: len(getattr(error, "exceptions", ())) == number,
    "has note a": lambda _: lambda error: "a" in getattr(error, "__notes__", ()),
}


def text_of(error):
    return error.message if isinstance(error, BaseExceptionGroup) else str(error)


def divide(errors, steps):
    parts, rest = [], errors[-1]
    for step in steps:
        if not isinstance(rest, BaseExceptionGroup):
            break
        taken = condition(step["matcher"], BaseException)
        if step["does"] == "subgroup":
            halves = [rest.subgroup(taken)]
        else:
            halves = rest.split(taken)
        parts.append(halves)
        rest = halves[step["follow"] % len(halves)]
    return parts


def except_star(errors, error, clauses, log, path=""):
    """What comes out; None for nothing."""
    classes = [condition(clause["matcher"], Exception) for clause in clauses]
    classes += [()] * (3 - len(clauses))

    def handle(at, part):
        log.append({"clause": f"{path}{at}", "got": errors.describe(part)})
        before = part.__traceback__, part.__context__
        thrown = thrown_by(errors, clauses[at]["handler"], part, log, f"{path}{at}.")
        if thrown is None or not errors.same_tree(thrown, part):
            return thrown
        # JavaScript has one throw: of what a handler got, it is the bare raise. That is told from
        # a new error by what raising leaves in it.
        part.__traceback__, part.__context__ = before
        return part

    try:
        try:
            raise error
        except* classes[0] as part:
            thrown = handle(0, part)
            if thrown is part:
                raise
            if thrown is not None:
                raise thrown
        except* classes[1] as part:
            thrown = handle(1, part)
            if thrown is part:
                raise
            if thrown is not None:
                raise thrown
        except* classes[2] as part:
            thrown = handle(2, part)
            if thrown is part:
                raise
            if thrown is not None:
                raise thrown
    except BaseException as left:
        return left
    return None


def thrown_by(errors, handler, part, log, path):
    match handler["does"]:
        case "return":
            return None
        case "rethrow":
            return part
        case "throw":
            return errors.at(handler["number"])
        case "throw first leaf":
            while isinstance(part, BaseExceptionGroup):
                part = part.exceptions[0]
            return part
        case "throw part":
            return part.subgroup(condition(handler["matcher"], BaseException))
        case "wrap":
            return BaseExceptionGroup("wrapped", [part, errors.at(handler["number"])])
        case "nest":
            return except_star(errors, part, handler["clauses"], log, path)


def run_program(program):
    errors = Errors(program["nodes"])
    match program["does"]:
        case "divide":
            parts = divide(errors, program["steps"])
            if program["late"]:
                errors[-1].add_note("late")
            return {"parts": [[errors.describe(part) for part in halves] for halves in parts]}
        case "derive":
            members = errors[-1].exceptions
            chosen = [members[at % len(members)] for at in program["members"]]
            return {"derived": errors.describe(errors[-1].derive(chosen))}
        case "exceptStar":
            log = []
            left = except_star(errors, errors[-1], program["clauses"], log)
            return {"log": log, "left": errors.describe(left)}
