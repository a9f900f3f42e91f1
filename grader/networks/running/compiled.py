# mypy: ignore-errors
# ruff: noqa
"""A network as one numpy function.

Layout: signals are (T, ..., n), time first; parameters (..., n, m) and (..., 1, n), whatever leads must broadcast.
"""
from __future__ import annotations
import numpy as np
from grader.networks.equations.tree import *
from grader.networks.equations.network import Network, Equation
from grader.networks.equations.sizes import bind

TIE = 1e-9
def sigmoid(u):
    z = np.exp(-np.abs(u)); return np.where(u >= 0, 1.0, z) / (1.0 + z)
def softmax(u):
    e = np.exp(u - u.max(-1, keepdims=True)); return e / e.sum(-1, keepdims=True)
def _round(u, places, up):
    s = 10.0 ** places; return np.copysign(np.floor(np.abs(u) * s + up) / s, u)
def shifted(v, lag, start, edge=""):
    if lag == 0: return v
    T = len(v); k = min(abs(lag), Transpose)
    if edge == "wrap": return np.roll(v, lag, 0)
    if edge == "hold": return np.concatenate([v[:1]] * k + [v[:T - k]]) if lag > 0 else np.concatenate([v[k:]] + [v[-1:]] * k)
    fill = np.broadcast_to(start, (k, *v.shape[1:]))
    return np.concatenate([fill, v[:T - k]]) if lag > 0 else np.concatenate([v[k:], fill])
def picked(v, how):
    if how == "reversed": return v[::-1]
    if how == "first": return np.broadcast_to(v[:1], v.shape)
    out = np.zeros_like(v)
    if how == "last-only": out[-1:] = v[-1:]
    elif how == "first-only": out[:1] = v[:1]
    elif how == "first-sequence": out[:, :1] = v[:, :1]
    elif how == "first-entry": out[..., :1] = v[..., :1]
    return out
def part(v, k, n):
    w = v.shape[-1] // n; return v[..., (k - 1) * w:k * w]
def pad(v, k, n):
    w = v.shape[-1]; out = np.zeros((*v.shape[:-1], w * n)); out[..., (k - 1) * w:k * w] = v; return out
def stack(*vs):
    lead = np.broadcast_shapes(*(np.shape(v)[:-1] for v in vs)); return np.concatenate([np.broadcast_to(v, (*lead, np.shape(v)[-1])) for v in vs], -1)
def fitted(other, own):
    """other in the place of own: as it is, its one entry for all, or its first."""
    n, m = np.shape(other)[-1], np.shape(own)[-1]
    return other if n == m or n == 1 else other[..., :1] if m == 1 else np.full(np.shape(own), np.nan)
def piece(i, g, *args):
    at = [0]
    for a in args: at.append(at[-1] + np.shape(a)[-1])
    return g[..., at[i]:at[i + 1]]
FUNCTIONS = {
    "tanh": np.tanh, "sigmoid": sigmoid, "relu": lambda u: np.maximum(u, 0.0), "step": lambda u: (u >= 0) * 1.0, "positive": lambda u: (u > 0) * 1.0,
    "sign": np.sign, "softmax": softmax, "exp": np.exp, "log": np.log, "abs": np.abs, "sqrt": np.sqrt, "softplus": lambda u: np.logaddexp(u, 0),
    "max": lambda *a: _many(np.maximum, a), "min": lambda *a: _many(np.minimum, a), "mod": np.mod, "stack": stack,
    "dot": lambda a, b: (a * b).sum(-1, keepdims=True), "halftanh": lambda u: 2 * sigmoid(u) - 1, "fitted": fitted, "total": lambda a: a.sum(-1, keepdims=True),
}
def _many(f, a):
    out = a[0]
    for x in a[1:]: out = f(out, x)
    return out
NAMES = {f"f_{k}": v for k, v in FUNCTIONS.items()} | {"np": np, "shifted": shifted, "picked": picked, "part": part, "pad": pad, "piece": piece, "rnd": _round}

class Source:
    def __init__(self, net: Network):
        self.net, self.lines, self.n, self.used = net, [], 0, set()
        self.static_names = {e.name for e in net.equations if e.is_static}
    def add(self, text, indent=1): self.lines.append("    " * indent + text)
    def fresh(self, letter): self.n += 1; return f"_{letter}{self.n}"
    # code of a node; sig(node) gives the code of a signal, hoist(node) a name or None
    def code(self, n, sig, hoist=lambda n: None):
        go = lambda m: self.code(m, sig, hoist)
        h = hoist(n)
        if h is not None: return h
        match n:
            case Constant(v): return repr(float(v)) if v >= 0 else f"({float(v)!r})"
            case Parameter(name): return f"v_{name}"
            case Signal(): return sig(n)
            case At(name, w): return f"v_{name}[{-1 if w == 'T' else w - 1}]"
            case Transpose(a): return f"np.swapaxes({go(a)}, -1, -2)"
            case Sum(terms):
                out = ""
                for i, (s, c) in enumerate(terms): out += (("-" if s < 0 else "") if not i else (" - " if s < 0 else " + ")) + go(c)
                return f"({out})"
            case Product(fs): return "(" + " * ".join(map(go, fs)) + ")"
            case Quotient(a, b): return f"({go(a)} / {go(b)})"
            case Power(a, k): return f"{go(a)} ** {k}" if k != 2 else (f"np.square({go(a)})")
            case MatrixProduct(a, b): return self.mat(a, b, go)
            case OuterProduct(a, b): return f"({go(a)}[..., :, None] * {go(b)}[..., None, :])"
            case Over(how, a): return self.over(how, a, go)
            case Function("part" | "pad" as name, args, k, m): return f"{name}({go(args[0])}, {k}, {m})"
            case Function("rounded" | "cut" | "coarse" as name, args, k): return f"rnd({go(args[0])}, {k - (name == 'coarse')}, {TIE if name == 'cut' else 0.5 + TIE!r})"
            case Function("diag", args): return f"np.diagonal({go(args[0])}, 0, -2, -1)"
            case Function("diagonal", args): return f"({go(args[0])} * np.eye(np.shape({go(args[0])})[-1]))"
            case Function("first-row", args): return f"{go(args[0])}[..., 0, :]"
            case Function("first-entry", args): return f"{go(args[0])}[..., :1]"
            case Function(name, args) if name.startswith("slice"): return f"piece({int(name[5:])}, {', '.join(map(go, args))})"
            case Function(name, args): return f"f_{name}({', '.join(map(go, args))})"
        raise TypeError(n)
    def rank(self, n):
        from grader.networks.equations.network import infer
        s = infer(n, self.net.shapes, ""); return None if s is None else len(s)
    def mat(self, a, b, go):
        ra, rb = self.rank(a), self.rank(b)
        if ra == 2 and rb == 1:
            return f"({go(b)} @ {go(a.arg)})" if isinstance(a, Transpose) else f"({go(b)} @ np.swapaxes({go(a)}, -1, -2))" if not isinstance(a, Parameter) else f"({go(b)} @ {self.transposed(a.name)})"
        if ra == 1 and rb == 1: return f"f_dot({go(a)}, {go(b)})"
        return f"({go(a)} @ {go(b)})"
    def transposed(self, name):
        self.used.add(name); return f"v_{name}_T"
    def over(self, how, a, go):
        if how.startswith("total"):
            if isinstance(a, OuterProduct):
                left, right = go(a.left), go(a.right)
                sel = {"total": "", "total-last": "[-1:]", "total-first": "[:1]"}[how]
                return f"np.einsum('tbi,tbj->ij', {left}{sel}, {right}{sel})"
            sel = {"total": "", "total-last": "[-1:]", "total-first": "[:1]"}[how]
            if isinstance(a, Sum) and all(isinstance(c, OuterProduct) for _, c in a.terms):
                return "(" + " ".join(("+" if s > 0 else "-") + self.over(how, c, go) for s, c in a.terms) + ")"
            return f"({go(a)}){sel}.sum((0, 1))"
        if how == "batch":
            if isinstance(a, OuterProduct): return f"np.einsum('bi,bj->ij', {go(a.left)}, {go(a.right)})"
            return f"({go(a)}).sum(0)"
        v = go(a)
        return {"sum": f"({v}).sum(0)", "mean": f"({v}).mean(0)", "last": f"({v})[-1]", "first": f"({v})[0]"}[how]

    def build(self, name="run"):
        net = self.net; own = net.by_name
        self.lines = [f"def {name}(x, p):"]
        for k in net.inputs: self.add(f"v_{k} = x[{k!r}]")
        for k, s in net.parameters.items():
            self.add(f"v_{k} = p[{k!r}]")
        self.add(f"T = len({'v_' + next(iter(net.inputs))})" if net.inputs else "T = p['T']")
        if any(g.kind in ("forward", "backward") for g in net.groups): self.add("_w = _widths(x, p)")
        for g in net.groups:
            if g.kind in ("static", "map"):
                for k in g.names:
                    self.add(f"v_{k} = {self.code(own[k].right_side, self.whole(own[k]))}")
                    if g.kind == "map" and not signals_of(own[k].right_side): self.add(f"v_{k} = np.broadcast_to(v_{k}, (T, *_widths(x, p)[{k!r}]))")
            else: self.loop(g)
        self.add("return {" + ", ".join(f"{e.name!r}: v_{e.name}" for e in net.equations) + "}")
        at = 1 + len(net.inputs) + len(net.parameters)
        self.lines[at:at] = [f"    v_{k}_T = np.swapaxes(v_{k}, -1, -2)" for k in net.parameters if k in self.used]
        return "\n".join(self.lines)
    def start(self, name):
        n = self.net.start.get(name)
        return "0.0" if n is None else self.code(n, self.whole(None))
    def whole(self, e):
        def sig(s):
            v = f"v_{s.name}"
            if s.pick: v = f"picked({v}, {s.pick!r})"
            return v if s.lag == 0 else f"shifted({v}, {s.lag}, {self.start(s.name)}" + (f", {s.edge!r})" if s.edge else ")")
        return sig
    def loop(self, g):
        net, own = self.net, self.net.by_name
        inside = set(g.names); hoisted = {}; whole = self.whole(None)
        def depends(n): return any(isinstance(x, Signal) and x.name in inside and not x.pick for _, x in walk(n))
        def bare(n): return isinstance(n, (Constant, Parameter)) or (isinstance(n, Transpose) and isinstance(n.arg, Parameter))
        def hoist(n):
            if bare(n) or depends(n): return None
            has_sig = bool(signals_of(n))
            if n not in hoisted:
                name = self.fresh("a" if has_sig else "k"); hoisted[n] = name
                self.add(f"{name} = {self.code(n, whole)}")
            return hoisted[n] + ("[t]" if has_sig else "")
        def split(n):
            """Group the terms of a sum that do not depend on the loop, so that they are hoisted together."""
            if isinstance(n, Sum):
                out = [x for x in n.terms if not depends(x[1])]; rest = [x for x in n.terms if depends(x[1])]
                if len(out) > 1 and rest: return Sum(((1, Sum(tuple(out))), *rest))
            return n
        ahead = g.kind == "backward"; sgn = -1 if ahead else 1
        lags = {}
        for k in g.names:
            for s in signals_of(own[k].right_side):
                if s.name in inside and s.lag: lags.setdefault(s.name, set()).add(abs(s.lag))
        def sig(s):
            if s.name in inside:
                return f"c_{s.name}" if s.lag == 0 else f"l_{s.name}_{abs(s.lag)}"
            raise AssertionError(s)     # everything else is hoisted
        body = [(k, self.code(transform(own[k].right_side, split), sig, hoist)) for k in g.names]
        width = {k: net.shapes[k] for k in g.names}
        for k in g.names: self.add(f"o_{k} = [None] * T")
        for k, ls in lags.items():
            for j in range(1, max(ls) + 1): self.add(f"l_{k}_{j} = _start({self.start(k) if k in self.net.start else None}, _w[{k!r}])")
        self.add(f"for t in range(T{' - 1, -1, -1' if ahead else ''}):")
        for k, c in body:
            self.add(f"c_{k} = o_{k}[t] = {c}", 2)
        for k, ls in lags.items():
            for j in range(max(ls), 1, -1): self.add(f"l_{k}_{j} = l_{k}_{j-1}", 2)
            self.add(f"l_{k}_1 = c_{k}", 2)
        for k in g.names: self.add(f"v_{k} = _stacked(o_{k}, _w[{k!r}])")

def source(net: Network) -> str:
    return Source(net).build()

def compiled(net: Network):
    sizes = net.shapes
    loops = [k for g in net.groups if g.kind != "static" for k in g.names]
    def _widths(x, p):
        """Leading axes of a signal at one step, and its size, for each variable computed in a loop."""
        if not loops: return {}
        lead, tails = (), {}
        for k, s in net.inputs.items():
            a = np.shape(x[k]); tails[k] = a[-1:]; lead = np.broadcast_shapes(lead, a[1:-1])
        for k, s in net.parameters.items():
            a = np.shape(p[k])
            if s: tails[k] = a[-len(s):]
            if len(a) > max(len(s), 1): lead = np.broadcast_shapes(lead, a[:-2] if len(s) == 2 else a[:-1])
        values = p["_sizes"] if "_sizes" in p else bind({k: s for k, s in {**net.inputs, **net.parameters}.items() if s}, tails)
        return {k: (*lead, sizes[k][0].at(values) if sizes[k] else 1) for k in loops}
    def _start(value, shape):
        return np.zeros(shape) if value is None else np.broadcast_to(np.asarray(value, dtype=np.float64), shape)
    def _stacked(rows, shape):
        return np.array(rows) if rows else np.zeros((0, *shape))
    space = {**NAMES, "_start": _start, "_widths": _widths, "_stacked": _stacked}
    exec(compile(source(net), "<network>", "exec"), space)
    return space["run"]
