# mypy: ignore-errors
# ruff: noqa
"""A network: declarations, equations; shapes inferred, steps ordered, loops refused."""

from __future__ import annotations
from dataclasses import dataclass, field, replace
from grader.networks.equations.tree import *
from grader.networks.equations.sizes import Size, read_shape, show_shape
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.reader import EquationError, Reader, left_side, RESERVED


@dataclass(frozen=True)
class Equation:
    name: str
    right_side: Node
    is_static: bool = False
    text: str = ""


@dataclass(frozen=True)
class Group:
    kind: str  # "static", "map", "forward", "backward"
    names: tuple  # in the order in which they are computed within a step


@dataclass(frozen=True)
class Network:
    inputs: dict  # name -> shape (a tuple of Size, () is a number)
    parameters: dict
    equations: tuple
    start: dict = field(default_factory=dict)  # variable -> static expression; missing: 0
    output: tuple = ()
    words: dict = field(default_factory=dict)  # variable -> how people call it
    shapes: dict = field(default_factory=dict)  # filled in by checked()
    groups: tuple = ()
    start_arguments: tuple = ()  # names in start that are declared nowhere: further arguments, at the end of parameters
    mistakes: tuple = ()  # MistakeTables: mistakes that the author has written or named

    @property
    def by_name(self):
        return {e.name: e for e in self.equations}

    def with_equation(self, name, right_side):
        return replace(
            self,
            equations=tuple(
                replace(e, right_side=right_side) if e.name == name else e for e in self.equations
            ),
        )


def network(spec: dict) -> Network:
    """From the table of an exercise file."""
    unknown = set(spec) - {"inputs", "parameters", "equations", "start", "output", "words", "sizes"}
    if unknown:
        raise NetworkError(f"unknown key {sorted(unknown)[0]!r}")
    inputs = {k: read_shape(v) for k, v in spec.get("inputs", {}).items()}
    params = {k: read_shape(v) for k, v in spec.get("parameters", {}).items()}
    both = [k for k in params if k in inputs]
    if both:
        raise NetworkError(f"{both[0]} is an input and a parameter")
    for k in (*inputs, *params):
        if k in RESERVED or not k.isidentifier():
            raise NetworkError(f"{k!r} cannot be a name")
    lefts = [left_side(t) for t in spec["equations"]]
    names = [l[0] for l in lefts]
    for k in names:
        if k in inputs or k in params:
            raise NetworkError(
                f"{k} is declared as {'an input' if k in inputs else 'a parameter'} and has an equation"
            )
        if names.count(k) > 1:
            raise NetworkError(f"{k} has {names.count(k)} equations; one is wanted")
    signals = {*inputs, *(n for n, s, _ in lefts if not s)}
    static = {*params, *(n for n, s, _ in lefts if s)}
    eqs = []
    for text, (name, is_static, start) in zip(spec["equations"], lefts):
        right_side = Reader(text, static, signals, is_static).read_all(text[start:], start)
        eqs.append(Equation(name, right_side, is_static, text))
    starts, arguments = {}, {}
    for k, text in spec.get("start", {}).items():
        if k not in signals:
            raise NetworkError(f"start: {k} is no variable of this network")
        if text.isidentifier() and text not in static | signals | RESERVED:
            starts[k] = Parameter(text)
            arguments[text] = k
            continue
        starts[k] = Reader(text, static, signals, True).read_all(text, 0)
    output = spec.get("output", [])
    output = (output,) if isinstance(output, str) else tuple(output) or (names[-1],)
    for k in output:
        if k not in names:
            raise NetworkError(f"output: {k} has no equation")
    sizes = {k: read_shape(v) for k, v in spec.get("sizes", {}).items()}
    net = Network(inputs, params, tuple(eqs), starts, output, dict(spec.get("words", {})), sizes)
    shapes = shapes_of(net) if arguments else {}
    params |= {name: shapes[k] for name, k in arguments.items()}
    return checked(replace(net, parameters=params, start_arguments=tuple(arguments)))


# ---------------------------------------------------------------- shapes
class Unknown(Exception):
    pass


def infer(n, shapes, where, style="python"):
    """Shape, or None where it is not known yet."""

    def bad(message):
        return NetworkError(f"{where}: {message}")

    def go(n):
        match n:
            case Constant():
                return ()
            case Parameter(name) | Signal(name) | At(name):
                return shapes.get(name)
            case Sum() | Product() | Function("max" | "min" | "mod") | Quotient():
                kids = children(n)
                known = [(c, go(c)) for c in kids]
                wide = [(c, s) for c, s in known if s]
                if (
                    isinstance(n, Product)
                    and any(s and len(s) == 2 for _, s in known)
                    and any(
                        isinstance(m, (Signal, At))
                        for c, s in known
                        if not (s and len(s) == 2) and s != ()
                        for _, m in walk(c)
                    )
                ):
                    raise bad(
                        f"{written(n, 1, style)} multiplies a matrix with a vector entry by entry: for a matrix product write @"
                    )
                for c, s in wide[1:]:
                    if s != wide[0][1]:
                        verb = {Sum: "added", Product: "multiplied entry by entry", Quotient: "divided"}.get(
                            type(n), "compared"
                        )
                        hint = ""
                        if isinstance(n, Product) and (len(s) == 2 or len(wide[0][1]) == 2):
                            hint = "; for a matrix product write @"
                        raise bad(
                            f"{written(wide[0][0], 1, style)} is {show_shape(wide[0][1])} and {written(c, 1, style)} is {show_shape(s)}: they cannot be {verb}{hint}"
                        )
                if wide:
                    return wide[0][1]
                return None if any(s is None for _, s in known) else ()
            case Power(b):
                return go(b)
            case Transpose(a):
                s = go(a)
                if s is not None and len(s) != 2:
                    raise bad(f"{written(a, 0, style)} is {show_shape(s)}: only a matrix has a transpose")
                return None if s is None else s[::-1]
            case MatrixProduct(a, b):
                x, y = go(a), go(b)
                if x == () or y == ():
                    raise bad(
                        f"in {written(n, 0, style)}, {written(a if x == () else b, 0, style)} is a number: multiply with *"
                    )
                if (
                    y is None
                    and x is not None
                    and len(x) == 2
                    and any(isinstance(m, (Signal, At)) for _, m in walk(b))
                ):
                    return (x[0],)  # a signal is never a matrix
                if x is None or y is None:
                    return None
                if x[-1] != y[0]:
                    hint = ""
                    if len(x) == 2 and x[0] == y[0]:
                        hint = f"; {written(Transpose(a) if not isinstance(a, Transpose) else a.arg, 2, style)} @ {written(b, 2, style)} would fit"
                    raise bad(
                        f"in {written(n, 0, style)}, {written(a, 0, style)} is {show_shape(x)} and {written(b, 0, style)} is {show_shape(y)}{hint}"
                    )
                return x[:-1] + y[1:]
            case OuterProduct(a, b):
                x, y = go(a), go(b)
                return None if x is None or y is None else x + y
            case Over(_, a):
                return go(a)
            case Function("stack", args):
                total = Size(())
                for a in args:
                    s = go(a)
                    if s is None:
                        return None
                    if len(s) > 1:
                        raise bad(
                            f"in {written(n, 0, style)}, {written(a, 0, style)} is a matrix; vectors are stacked"
                        )
                    total = total + (s[0] if s else Size.of({"": 1}))
                return (total,)
            case Function("part", args, k, m):
                s = go(args[0])
                if s is None:
                    return None
                if len(s) != 1 or s[0].parts(m) is None:
                    raise bad(
                        f"{written(args[0], 0, style)} is {show_shape(s)}, which has no {m} equal parts"
                    )
                return (s[0].parts(m),)
            case Function("softmax", args):
                s = go(args[0])
                if s == ():
                    raise bad(f"softmax of a number is always 1; it is meant for vectors")
                return s
            case Function("fitted", args):
                return go(args[1])
            case Function("dot" | "total", args):
                return ()
            case Function(name, args) if name.startswith("slice"):
                return go(args[1 + int(name[5:])])
            case Function("diag", args):
                s = go(args[0])
                return None if s is None else s[:1]
            case Function("first-row", args):
                s = go(args[0])
                return None if s is None else s[1:]
            case Function("first-entry", args):
                return ()
            case Function("pad", args, k, m):
                s = go(args[0])
                return None if s is None else (s[0].times(m),)
            case Function(_, args):
                return go(args[0])
        raise TypeError(n)

    return go(n)


def shapes_of(net: Network) -> dict:
    shapes = {**net.inputs, **net.parameters, **net.shapes}
    for _ in range(len(net.equations) + 2):
        changed = False
        for e in net.equations:
            if shapes.get(e.name) is not None:
                continue
            s = infer(e.right_side, shapes, e.text or e.name)
            if s is not None:
                shapes[e.name] = s
                changed = True
        if not changed:
            break
    lost = [e.name for e in net.equations if shapes.get(e.name) is None]
    if lost:
        raise NetworkError(
            f'the size of {lost[0]} does not follow from its equation; give it under sizes, such as sizes = {{ {lost[0]} = "n_h" }}'
        )
    for e in net.equations:
        s = infer(e.right_side, shapes, e.text or e.name)
        if s != shapes[e.name] and s != ():
            raise NetworkError(
                f"{e.text or e.name}: the right side is {show_shape(s)}, {e.name} is {show_shape(shapes[e.name])}"
            )
        if len(s) == 2 and not e.is_static:
            raise NetworkError(f"{e.text}: the right side is a matrix; a variable is a vector or a number")
    for k, n in net.start.items():
        s = infer(n, shapes, f"start of {k}")
        if s is not None and s not in ((), shapes[k]):
            raise NetworkError(f"start: {k} is {show_shape(shapes[k])}, its start value {show_shape(s)}")
    return shapes


# ---------------------------------------------------------------- order
def needs(net: Network, e: Equation) -> set:
    """(name, lag) that an equation needs; lag "all" for what is needed over all steps."""
    own = net.by_name
    out = set()
    for _, x in walk(e.right_side):
        match x:
            case Signal(name, lag, edge, pick) if name in own:
                out.add((name, "all" if e.is_static or pick or edge == "wrap" else lag))
                if lag and name in net.start:
                    out |= {(k, "all") for k in _static_needs(net.start[name], own)}
            case At(name):
                out |= {(name, "all")} if name in own else set()
            case Parameter(name) if name in own:
                out.add((name, "all"))
    return out


def _static_needs(n, own):
    return {x.name for _, x in walk(n) if isinstance(x, (At, Parameter, Signal)) and x.name in own}


def order(net: Network) -> tuple:
    own = net.by_name
    edges = {e.name: needs(net, e) for e in net.equations}
    comps = _components({k: {n for n, _ in v} for k, v in edges.items()})
    groups = []
    for comp in comps:
        names = [e.name for e in net.equations if e.name in comp]
        inside = [(a, b, lag) for a in names for b, lag in edges[a] if b in comp]
        if not inside:
            groups.append(Group("static" if own[names[0]].is_static else "map", tuple(names)))
            continue
        at_once = [(a, b) for a, b, lag in inside if lag == "all"]
        if at_once:
            a, b = at_once[0]
            raise NetworkError(f"{a} needs {b} of all steps, and {b} needs {a}: that cannot be computed")
        back, ahead = [x for x in inside if x[2] > 0], [x for x in inside if x[2] < 0]
        if back and ahead:
            raise NetworkError(
                f"{back[0][0]} needs {back[0][1]}({step_text(back[0][2])}) and {ahead[0][0]} needs {ahead[0][1]}({step_text(ahead[0][2])}): nothing can be computed first. A network runs forwards or backwards in time"
            )
        now = {k: {b for a, b, lag in inside if a == k and lag == 0} for k in names}
        done = []
        while len(done) < len(names):
            free = [k for k in names if k not in done and now[k] <= set(done)]
            if not free:
                cycle = _cycle(now, [k for k in names if k not in done][0], set(done))
                raise NetworkError(
                    "at one and the same step "
                    + ", ".join(f"{a}(t) needs {b}(t)" for a, b in zip(cycle, cycle[1:] + cycle[:1]))
                    + ": write t-1 where the step before is meant"
                )
            done.append(free[0])
        groups.append(Group("backward" if ahead else "forward", tuple(done)))
    return tuple(groups)


def _cycle(now, k, done):
    seen = []
    while k not in seen:
        seen.append(k)
        k = sorted(now[k] - done)[0]
    return seen[seen.index(k) :]


def _components(graph):
    """Tarjan; dependencies first."""
    index, low, stack, out = {}, {}, [], []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in graph[v]:
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in stack:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            comp = set()
            while True:
                w = stack.pop()
                comp.add(w)
                if w == v:
                    break
            out.append(comp)

    for v in graph:
        if v not in index:
            visit(v)
    return out


def checked(net: Network) -> Network:
    return replace(net, shapes=shapes_of(net), groups=order(net))


def parameter_count(net: Network):
    """Text of the number of parameters, e.g. n_in*n_h + n_h*n_h + n_h."""
    return " + ".join(
        "*".join(f"({s})" if len(s.form) > 1 else str(s) for s in shape) or "1"
        for name, shape in net.parameters.items()
        if name not in net.start_arguments
    )
