# mypy: ignore-errors
# ruff: noqa
"""The backward pass of a network as a network: equations for d_v(t) (gradient at v), dz_v(t) (at the sum inside its
activation) and for the gradient of each parameter. So everything that is done to equations (running, printing, making
known mistakes) is done to backpropagation through time as well."""
from __future__ import annotations
from dataclasses import dataclass, replace
import numpy as np
from grader.networks.equations.tree import *
from grader.networks.equations.network import Network, Equation, checked, infer
from grader.networks.equations.reader import Reader
from grader.networks.running.compiled import compiled

SLOPES = {      # from the value f(u) and u itself
    "tanh": lambda f, u: Sum(((1, ONE), (-1, Power(f, 2)))),
    "sigmoid": lambda f, u: Product((f, Sum(((1, ONE), (-1, f))))),
    "relu": lambda f, u: Function("positive", (u,)),
    "exp": lambda f, u: f,
    "log": lambda f, u: Quotient(ONE, u),
    "abs": lambda f, u: Function("sign", (u,)),
    "sqrt": lambda f, u: Quotient(ONE, Product((TWO, f))),
    "softplus": lambda f, u: Function("sigmoid", (u,)),
    "halftanh": lambda f, u: Quotient(Sum(((1, ONE), (-1, Power(f, 2)))), TWO),
    "step": lambda f, u: ZERO, "sign": lambda f, u: ZERO,
}

@dataclass(frozen=True)
class Loss:
    """sum or mean of a per-step term over outputs, steps ("sum", "mean", "last") and sequences."""
    term: Node
    outputs: str = "sum"
    steps: str = "mean"
    sequences: str = "mean"

def loss(net, text, **how):
    names = {*net.inputs, *(e.name for e in net.equations if not e.is_static), "d"}
    r = Reader(text, {*net.parameters, *(e.name for e in net.equations if e.is_static)}, names); return Loss(r.read_all(text, 0), **how)

class Back:
    def __init__(self, net, shapes):
        self.net, self.shapes = net, shapes
        self.to = {}        # variable -> contributions to its gradient at t
        self.grads = {}     # parameter -> [(how, contribution)]
        self.extra = []     # further equations
        self.starts = []
    def rank(self, n): s = infer(n, self.shapes, "adjoint"); return len(s)
    def back(self, n, g, static, value=None):
        """Send the gradient g at n to what n is made of."""
        fit = lambda c, g: Function("total", (g,)) if self.rank(c) == 0 and self.rank(g) == 1 else g
        go = lambda c, g: self.back(c, simplified(fit(c, g)), static)
        match n:
            case Constant(): return
            case Signal(name, lag):
                if name not in self.net.by_name: return
                c = g
                if lag and any(isinstance(x, Quotient) or isinstance(x, Function) and x.name == "log" for _, x in walk(g)):
                    aux = f"q{len(self.extra)}"; self.extra.append(Equation(aux, g)); self.shapes[aux] = self.shapes[name]; c = Signal(aux)
                self.to.setdefault(name, []).append(moved(c, lag))
                if lag and name in self.net.start: self.starts.append((name, lag, g))
            case At(name, w):
                if w != "T": raise NotImplementedError("h(1) in a loss or output")
                if name in self.net.by_name: self.to.setdefault(name, []).append(Product((Signal("is_last"), g)))
            case Parameter(name):
                if name in self.net.by_name: self.to.setdefault(name, []).append(g if static else Over("sum", g))
                else: self.grads.setdefault(name, []).append(("batch" if static else "total", g))
            case Sum(terms):
                for s, c in terms: go(c, g if s > 0 else neg(g))
            case Product(fs):
                for i, f in enumerate(fs): go(f, Product((g, *fs[:i], *fs[i + 1:])))
            case Quotient(a, b):
                go(a, Quotient(g, b)); go(b, neg(Quotient(Product((g, a)), Power(b, 2))))
            case Power(a, k): go(a, Product((g, Constant(Fraction(k)), Power(a, k - 1) if k > 2 else a)))
            case MatrixProduct(a, b):
                ra, rb = self.rank(a), self.rank(b)
                if ra == 2 and rb == 1:
                    if self.has_param(a): self.matrix(a, OuterProduct(g, b), static)
                    go(b, MatrixProduct(a.arg if isinstance(a, Transpose) else Transpose(a), g))
                elif ra == 1 and rb == 2:
                    if self.has_param(b): self.matrix(b, OuterProduct(a, g), static)
                    go(a, MatrixProduct(b, g))
                elif ra == 1: go(a, Product((g, b))); go(b, Product((g, a)))
                else: raise NotImplementedError("a product of two matrices")
            case Over("mean", a): self.back(a, Quotient(g, Parameter("n_steps")), False)
            case Over("sum", a): self.back(a, g, False)
            case Function("stack", args):
                # equal parts only would be part(); offsets are kept as a slice of named sizes
                at = 0
                for i, a in enumerate(args): go(a, Function(f"slice{i}", (g, *args)))
            case Function("part", args, k, m): go(args[0], Function("pad", (g,), k, m))
            case Function("max" | "min" as name, args) if len(args) == 2:
                d = Sum(((1, args[0]), (-1, args[1]))) if name == "max" else Sum(((1, args[1]), (-1, args[0])))
                p = Function("positive", (d,)); go(args[0], Product((g, p))); go(args[1], Product((g, Sum(((1, ONE), (-1, p))))))
            case Function("softmax", args):
                f = value or n; go(args[0], Product((f, Sum(((1, g), (-1, Function("dot", (g, f))))))))
            case Function(name, args) if name in SLOPES:
                go(args[0], Product((g, SLOPES[name](value or n, args[0]))))
            case _: raise NotImplementedError(n)
    def has_param(self, n): return any(isinstance(x, Parameter) and x.name not in self.net.by_name for _, x in walk(n))
    def matrix(self, m, outer, static):
        match m:
            case Parameter(name): self.grads.setdefault(name, []).append(("batch" if static else "total", outer))
            case Transpose(Parameter(name)): self.grads.setdefault(name, []).append(("batch" if static else "total", OuterProduct(outer.right, outer.left)))
            case Product((Constant() as k, a)): self.matrix(a, OuterProduct(Product((k, outer.left)), outer.right), static)
            case _: raise NotImplementedError("gradient of a matrix expression")

def adjoint(net: Network, loss: Loss, target="d") -> Network:
    """The backward pass. Its inputs are the network's inputs, the target, all variables, and is_last; its parameters the
    network's, n_steps and n_seqs; its outputs d<parameter>."""
    own = net.by_name
    shapes = dict(net.shapes)
    outs = {x.name for _, x in walk(loss.term) if isinstance(x, (Signal, Parameter)) and x.name in own}
    shapes[target] = shapes[sorted(outs)[0]]; shapes["is_last"] = ()
    shapes |= {"n_steps": (), "n_seqs": (), "n_out_": ()}
    for e in net.equations: shapes["d_" + e.name] = shapes["dz_" + e.name] = shapes[e.name]
    b = Back(net, shapes)
    static = any(own[k].is_static for k in outs)
    # the loss
    scale = []
    if loss.steps == "mean" and not static: scale.append(Parameter("n_steps"))
    if loss.sequences == "mean": scale.append(Parameter("n_seqs"))
    if loss.outputs == "mean": scale.append(Parameter("n_out_"))
    tmp = Back(net, shapes); tmp.back(loss.term, ONE if infer(loss.term, shapes, "loss") == () else ONE, static)
    eqs = []
    for k, cs in tmp.to.items():
        g = cs[0] if len(cs) == 1 else Sum(tuple((1, c) for c in cs))
        g = simplified(Quotient(g, Product(tuple(scale)) if len(scale) > 1 else scale[0]) if scale else g)
        if loss.steps == "last" and not static: g = Product((Signal("is_last"), g))
        eqs.append(Equation("e_" + k, g, own[k].is_static)); shapes["e_" + k] = shapes[k]
        b.to.setdefault(k, []).append(Parameter("e_" + k) if own[k].is_static else Signal("e_" + k))
    pre = {}
    for e in net.equations:
        d = Parameter("d_" + e.name) if e.is_static else Signal("d_" + e.name)
        if isinstance(e.right_side, Function) and e.right_side.name in SLOPES:
            v = Parameter(e.name) if e.is_static else Signal(e.name)
            dz = Parameter("dz_" + e.name) if e.is_static else Signal("dz_" + e.name)
            u = e.right_side.args[0]
            pre[e.name] = simplified(Product((d, SLOPES[e.right_side.name](v, u))))
            b.back(u, dz, e.is_static)
        else: b.back(e.right_side, d, e.is_static, Parameter(e.name) if e.is_static else Signal(e.name))
    for name, lag, g in b.starts:
        s = net.start[name]
        if isinstance(s, Parameter) and lag == 1: b.grads.setdefault(s.name, []).append(("total-first", g))
        elif isinstance(s, At) and lag == 1:
            q = f"q{len(b.extra)}"; b.extra.append(Equation(q, Over("first", g), True)); shapes[q] = shapes[name]
            b.to.setdefault(s.name, []).append(Product((Signal("is_last"), Parameter(q))))
        elif not isinstance(s, Constant): raise NotImplementedError("gradient of this start value")
    eqs += b.extra
    for e in net.equations:
        cs = b.to.get(e.name, [ZERO])
        eqs.append(Equation("d_" + e.name, simplified(cs[0] if len(cs) == 1 else Sum(tuple((1, c) for c in cs))), e.is_static))
        if e.name in pre: eqs.append(Equation("dz_" + e.name, pre[e.name], e.is_static))
    for k in net.parameters:
        cs = b.grads.get(k, [])
        parts = tuple((1, Over(how, c)) for how, c in cs)
        eqs.append(Equation("d" + k, parts[0][1] if len(parts) == 1 else Sum(parts) if parts else ZERO, True))
        shapes["d" + k] = net.parameters[k]
    inputs = {**net.inputs, target: shapes[target], "is_last": ()} | {e.name: shapes[e.name] for e in net.equations if not e.is_static}
    params = {**net.parameters, "n_steps": (), "n_seqs": (), "n_out_": ()} | {e.name: shapes[e.name] for e in net.equations if e.is_static}
    if static: params[target] = inputs.pop(target)
    back = Network(inputs, params, tuple(eqs), {k: v for k, v in net.start.items()}, tuple("d" + k for k in net.parameters), net.words, shapes)
    from grader.networks.equations.network import order
    return replace(back, groups=order(back))

def gradients(net, back, run, run_back, x, d, p, values=None):
    """x, d: (T, B, n)."""
    values = run(x, p) if values is None else values
    T = len(next(iter(x.values()))); B = next(iter(x.values())).shape[1]
    last = np.zeros((T, 1, 1)); last[-1:] = 1
    sig = {k: v for k, v in values.items() if k in back.inputs}; sta = {k: v for k, v in values.items() if k in back.parameters}
    tgt = {"d": d}
    out = run_back({**x, **sig, "is_last": last, **({} if "d" in back.parameters else tgt)}, {**p, **sta, "n_steps": T, "n_seqs": B, "n_out_": np.shape(d)[-1], **(tgt if "d" in back.parameters else {})})
    return {k: out["d" + k] for k in net.parameters}
