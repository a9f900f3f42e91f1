"""What an answer may import: what is installed and its own files, never the grader's packages.

Libraries that only draw have stand-ins: an answer with a plot in it is an answer, and nothing is drawn. They
are always taken, also where the library is installed: a mark must not depend on that, and importing
matplotlib takes longer than everything else.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .caps import TYPED
from .faults import GRADER_PACKAGES, Forbidden


class ImportGuard(MetaPathFinder):
    """Refuses the grader's packages, and finds the answer's own files under their stems.

    Only a clear message: what keeps the grader's files away from a determined reader is the file system.

    Args:
        load: Runs an answer file's code in the module it is given.
        own: File names by module name.
    """

    def __init__(self, own: dict[str, str], load: Any) -> None:
        self.own = own
        self.loader = OwnLoader(own, load)

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Part of the import protocol."""
        if fullname.partition(".")[0] in GRADER_PACKAGES:
            raise Forbidden(f"an answer cannot import {fullname}", name=fullname)
        if fullname in self.own:
            return ModuleSpec(fullname, self.loader)
        return find_stand_in(fullname)


class OwnLoader(Loader):
    """Loads one of the answer's own files as a module."""

    def __init__(self, own: dict[str, str], load: Any) -> None:
        self.own = own
        self.load = load

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Part of the import protocol."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Part of the import protocol."""
        self.load(self.own[module.__name__], module)


def module_name(file_name: str) -> str:
    """The stem where it can be imported and hides nothing; "answer" for all others."""
    stem = file_name.rpartition("/")[2].replace(TYPED, ".py").rpartition(".")[0]
    taken = stem in sys.stdlib_module_names or stem in sys.modules or stem in GRADER_PACKAGES
    return stem if stem.isidentifier() and not taken else "answer"


DRAWING = ("matplotlib", "mpl_toolkits", "pylab", "seaborn", "plotly", "IPython")
PYLAB = ("pylab", "matplotlib.pylab")
PROGRESS = "tqdm"
# A notebook asks `rnngrade.check` while it is written; here that is marked anyhow.
CHECKING = "rnngrade"

PLOTTING = (
    "annotate", "arrow", "axes", "axhline", "axhspan", "axis", "axline", "axvline", "axvspan", "bar",
    "barh", "box", "boxplot", "cla", "clabel", "clf", "clim", "close", "cm", "colorbar", "contour",
    "contourf", "draw", "ecdf", "errorbar", "figimage", "figlegend", "fignum_exists", "figtext",
    "figure", "fill", "fill_between", "fill_betweenx", "findobj", "gca", "gcf", "gci", "getp",
    "get_cmap", "grid", "hexbin", "hist", "hist2d", "hlines", "imread", "imsave", "imshow", "ioff",
    "ion", "isinteractive", "legend", "locator_params", "loglog", "margins", "matshow", "minorticks_off",
    "minorticks_on", "pause", "pcolor", "pcolormesh", "pie", "plot", "polar", "quiver", "quiverkey",
    "rc", "rc_context", "rcParams", "rcdefaults", "rgrids", "savefig", "sca", "scatter", "sci",
    "semilogx", "semilogy", "set_cmap", "setp", "show", "specgram", "spy", "stackplot", "stairs", "stem",
    "step", "streamplot", "style", "subplot", "subplot2grid", "subplot_mosaic", "subplots",
    "subplots_adjust", "suptitle", "switch_backend", "table", "text", "thetagrids", "tick_params",
    "ticklabel_format", "tight_layout", "title", "tricontour", "tricontourf", "tripcolor", "triplot",
    "twinx", "twiny", "violinplot", "vlines", "xcorr", "xkcd", "xlabel", "xlim", "xscale", "xticks",
    "ylabel", "ylim", "yscale", "yticks",
)  # fmt: skip
"""What `from matplotlib.pyplot import *` is taken for (matplotlib 3.10, pyplot.py)."""

NUMPY_PARTS = ("core", "ctypeslib", "f2py", "lib", "testing", "typing")
"""Of numpy's own star, but slow to import and nothing to compute with."""

BUILTINS_KEPT = ("abs", "bool", "bytes", "max", "min", "pow", "round")
"""pylab.py puts Python's own back in the place of numpy's."""


class Drawing:
    """Takes every call and attribute, and is a pair when unpacked, as `fig, ax = plt.subplots()` wants."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: object) -> None:
        return

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Take any call."""
        return self

    def __getitem__(self, key: object) -> Any:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        return

    def __iter__(self) -> Any:
        return iter((self, self))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        return


def subplots(nrows: int = 1, ncols: int = 1, **settings: object) -> tuple[Any, Any]:
    """A figure and its axes: one, a row, or rows of rows, as matplotlib gives them."""
    rows = [[Drawing() for _ in range(ncols)] for _ in range(nrows)]
    flat = [axes for row in rows for axes in row]
    if len(flat) == 1:
        return Drawing(), flat[0]
    import numpy as np

    return Drawing(), np.array(flat if 1 in (nrows, ncols) else rows, dtype=object)


class NoProgressBar:
    """A loop without its progress bar."""

    def __init__(self, iterable: Any = (), *args: object, **kwargs: object) -> None:
        self.iterable = iterable

    def __iter__(self) -> Any:
        return iter(self.iterable)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        return

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None


class StandIn(ModuleType):
    """A module with everything in it that anybody asks for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] == PROGRESS:
            return (
                (lambda *args, **kwargs: NoProgressBar(range(*args))) if name == "trange" else NoProgressBar
            )
        return subplots if name == "subplots" else Drawing()


class StandInLoader(Loader):
    """Part of the import protocol."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty module that lets submodules be imported too."""
        module = StandIn(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Define the names that `import *` takes."""
        if module.__name__ in PYLAB:
            vars(module).update(pylab_names())
        elif module.__name__ == "matplotlib.pyplot":
            vars(module)["__all__"] = list(PLOTTING)


def pylab_names() -> dict[str, Any]:
    """What `from pylab import *` gives: pyplot's names, numpy's over them, but Python's own of these."""
    import builtins
    import datetime

    import numpy as np

    names: dict[str, Any] = {name: Drawing() for name in PLOTTING} | {"subplots": subplots}
    own = [name for name in np.__all__ if name not in NUMPY_PARTS]
    for source, given in ((np, own), (np.fft, None), (np.random, None), (np.linalg, None)):
        names |= {name: getattr(source, name) for name in given or source.__all__}
    names |= {name: getattr(builtins, name) for name in BUILTINS_KEPT}
    return names | {"np": np, "ma": np.ma, "datetime": datetime, "plt": Drawing(), "mpl": Drawing()}


def find_stand_in(fullname: str) -> ModuleSpec | None:
    """The stand-in for a module, or None where the real one is wanted."""
    root = fullname.partition(".")[0]
    if root not in (*DRAWING, PROGRESS, CHECKING):
        return None
    return ModuleSpec(fullname, StandInLoader(), is_package=True)
