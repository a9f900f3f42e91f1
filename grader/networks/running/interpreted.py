# mypy: ignore-errors
# ruff: noqa
"""The tree in any arithmetic: exact fractions, intervals, formulas. A value is a list of entries (a number: no list); a matrix is rows."""
from __future__ import annotations
from fractions import Fraction
import math
from grader.networks.equations.tree import *
from grader.networks.equations.network import Network

class Field:
    """Arithmetic of entries; here exact fractions, which knows no tanh."""
    def const(self, v): return v
    def add(self, a, b): return a + b
    def neg(self, a): return -a
    def mul(self, a, b): return a * b
    def div(self, a, b): return a / b
    def pow(self, a, n): return a ** n
    def fn(self, name, a):
        match name:
            case "step": return Fraction(int(a >= 0))
            case "positive": return Fraction(int(a > 0))
            case "sign": return Fraction((a > 0) - (a < 0))
            case "relu": return max(a, Fraction(0))
            case "abs": return abs(a)
        raise NotImplementedError(f"{name} of a fraction is no fraction")
    def max(self, a, b): return max(a, b)
    def min(self, a, b): return min(a, b)
    def mod(self, a, b): return a - b * (a // b)
    def softmax(self, v): raise NotImplementedError("softmax of fractions is no fraction")

def evaluate(n, env, F):
    """env(node) gives Parameter, Signal, At."""
    go = lambda m: evaluate(m, env, F)
    def zipped(f, a, b):
        la, lb = isinstance(a, list), isinstance(b, list)
        if la and lb:
            if a and isinstance(a[0], list): return [zipped(f, x, y) for x, y in zip(a, b)]
            return [f(x, y) for x, y in zip(a, b)]
        if la: return [zipped(f, x, b) for x in a]
        if lb: return [zipped(f, a, y) for y in b]
        return f(a, b)
    def mapped(f, a): return [mapped(f, x) for x in a] if isinstance(a, list) else f(a)
    def total(xs):
        out = xs[0]
        for x in xs[1:]: out = F.add(out, x)
        return out
    match n:
        case Constant(v): return F.const(v)
        case Parameter() | Signal() | At(): return env(n)
        case Sum(terms):
            out = None
            for s, c in terms:
                v = go(c); v = v if s > 0 else mapped(F.neg, v)
                out = v if out is None else zipped(F.add, out, v)
            return out
        case Product(fs):
            out = go(fs[0])
            for f in fs[1:]: out = zipped(F.mul, out, go(f))
            return out
        case Quotient(a, b): return zipped(F.div, go(a), go(b))
        case Power(a, k): return mapped(lambda v: F.pow(v, k), go(a))
        case Transpose(a): return [list(r) for r in zip(*go(a))]
        case MatrixProduct(a, b):
            x, y = go(a), go(b)
            if isinstance(x[0], list): return [total([F.mul(u, v) for u, v in zip(r, y)]) for r in x]
            if isinstance(y[0], list): return [total([F.mul(u, r[j]) for u, r in zip(x, y)]) for j in range(len(y[0]))]
            return total([F.mul(u, v) for u, v in zip(x, y)])
        case Function("stack", args): return [e for a in args for e in (lambda v: v if isinstance(v, list) else [v])(go(a))]
        case Function("part", args, k, m): v = go(args[0]); w = len(v) // m; return v[(k - 1) * w:k * w]
        case Function("max" | "min" | "mod" as name, args):
            out = go(args[0])
            for a in args[1:]: out = zipped(getattr(F, name), out, go(a))
            return out
        case Function("softmax", args): return F.softmax(go(args[0]))
        case Function("diag", args): m = go(args[0]); return [m[i][i] for i in range(len(m))]
        case Function("first-row", args): return go(args[0])[0]
        case Function("rounded" | "cut" | "coarse" as name, args, k): return mapped(lambda v: F.round(name, v, k), go(args[0]))
        case Function("halftanh", args): return mapped(lambda v: F.fn("halftanh", v), go(args[0]))
        case Function(name, args): return mapped(lambda v: F.fn(name, v), go(args[0]))
    raise TypeError(n)

class Machine:
    """A causal network as a machine: state, input -> state, values. The state is what lagged names remember."""
    def __init__(self, net: Network, params, F, sizes):
        if any(g.kind == "backward" for g in net.groups) or any(e.is_static for e in net.equations): raise ValueError("needs later steps: no machine")
        self.net, self.F, self.params = net, F, params
        self.order = [k for g in net.groups for k in g.names]
        self.memory = {}
        for e in net.equations:
            for s in signals_of(e.right_side):
                if s.lag < 0: raise ValueError(f"{e.name} needs {s.name}({step_text(s.lag)}): no machine")
                if s.lag: self.memory[s.name] = max(self.memory.get(s.name, 0), s.lag)
        self.right_side = {e.name: e.right_side for e in net.equations}
        size = lambda k: net.shapes[k][0].at(sizes) if net.shapes[k] else None
        zero = F.const(Fraction(0))
        def start(k):
            n = size(k)
            v = evaluate(net.start[k], self._static, F) if k in net.start else zero
            return tuple(v) if isinstance(v, list) else v if n is None else (v,) * n
        self.slots = [(k, j) for k, m in self.memory.items() for j in range(1, m + 1)]
        self.initial = tuple(start(k) for k, j in self.slots)
    def _static(self, n): return self.params[n.name]
    def step(self, state, x):
        """x: name -> list. Returns the next state and all values."""
        known = {slot: (list(v) if isinstance(v, tuple) else v) for slot, v in zip(self.slots, state)}
        now = dict(x)
        def env(n):
            if isinstance(n, Parameter): return self.params[n.name]
            return now[n.name] if n.lag == 0 else known[(n.name, n.lag)]
        for k in self.order: now[k] = evaluate(self.right_side[k], env, self.F)
        nxt = tuple((lambda v: tuple(v) if isinstance(v, list) else v)(now[k] if j == 1 else known[(k, j - 1)]) for k, j in self.slots)
        return nxt, now
