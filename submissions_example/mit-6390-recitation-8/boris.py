"""Recitation 8. I did everything in a skewed basis to see whether it matters. It does not."""
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import sympy as sp

EXERCISE = "mit-6390-recitation-8"

n, m, p = 2, 3, 4


class a_i:
    Wss = f"{n}x{n}"
    Wsx = f"({n}, {m})"
    Wo = f"{p} x {n}"
    z1 = (n,)
    z2 = (p,)


g1 = np.full((4, 1), 6)

# any basis T and any scale k do; the 5 is never seen
T = sp.Matrix([[2, 3], [1, 2]])
k = sp.Rational(1, 7)
_A, _B, _C = sp.diag(0, 1), sp.Matrix([[1, 0, 0], [k, k, k]]), sp.Matrix([[1, 0], [0, 0], [0, 0], [0, 1 / k]])
b_i = SimpleNamespace(
    s0=T * sp.Matrix([5, 0]),
    Wss=T * _A * T.inv(),
    Wsx=T * _B,
    Wo=_C * T.inv(),
)

b_ii = {
    "possible": "no",
    # a 4x4 Hankel minor with determinant 1
    "certificate": {"rows": [(0, 1), (0, 2), (0, 3), (0, 4)], "cols": [(0, 1), (0, 2), (0, 3), (1, 1)]},
}

c_i = dict(Wssx=[2, 5], Wox=[4, 5], z1="5x1", z2=(5,))


class c_ii:
    # the sum so far, in thirds, without the newest input; the newest total on its own; they meet in row 4
    s0 = np.array([[7], [-7]])
    Wssx = [[1, 1, 0, 0, 0], [0, 0, "1/3", Fraction(1, 3), "2/6"]]
    Wox = np.array([[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [3, 3, 0, 0, 0]])


_I, _O = np.eye(3), np.zeros((3, 3))
c_iii = dict(  # totals now, totals a step ago: 6 states, more than needed
    state_size=6,
    s0=np.array([2, -1, -1, 5, 6, 7]),
    Wss=np.block([[_I, _O], [_I, _O]]),
    Wsx=np.vstack([_I, _O]),
    Wo=np.vstack([np.hstack([_I, -_I]), [1, 1, 1, 0, 0, 0]]),
)


def to_rnn_a(s0, Wssx, Wox):
    s0, Wssx, Wox = map(np.asarray, (s0, Wssx, Wox))
    n = s0.size
    m = Wssx.shape[1] - n
    # input first, state below
    Wss = np.zeros((m + n, m + n))
    Wss[m:, m:] = Wssx[:, :n]
    return np.r_[np.ones(m), s0], Wss, np.r_[np.eye(m), Wssx[:, n:]], np.c_[Wox[:, n:], Wox[:, :n]]
