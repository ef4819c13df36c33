"""Make subjects from reference sources: the reference itself, and every changed version of it.

A world is all of ``reference/`` as text. Planting a mutant, cutting a stub or appending an
alternative changes one module's text; executing the world again gives the subject, and modules
that import the changed one see the change.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from types import CodeType, ModuleType
from typing import Any

PACKAGE = "reference"


def build_subject(
    sources: Mapping[str, str],
    modules: tuple[str, ...],
    substitutes: Mapping[str, Callable[[Any], Any]] | None = None,
) -> Callable[[str], Any]:
    """Execute `modules` of a world and return the lookup of their names.

    Parameters
    ----------
    sources : mapping of str to str
        Source text of every module in ``reference/``, by module name.
    modules : tuple of str
        Names of the modules whose functions and classes the subject holds.
    substitutes : mapping of str to callable, optional
        By qualified name, what takes the place of a function in the whole world: the
        callable is given the original.

    Returns
    -------
    callable
        Takes a bare name and returns the object; raises KeyError for an unknown one.
    """
    names: dict[str, Any] = {}
    with _importing(sources) as load:
        loaded = [load(module) for module in modules]
        for target, substitute in (substitutes or {}).items():
            _replace(target, substitute)
        for module in loaded:
            names.update(vars(module))
    return names.__getitem__


def _replace(target: str, substitute: Callable[[Any], Any]) -> None:
    """Put another object in the place of a target, also where a module has imported it."""
    module, _, name = target.partition(".")
    original = getattr(sys.modules[f"{PACKAGE}.{module}"], name)
    replacement = substitute(original)
    for each in [each for key, each in sys.modules.items() if _ours(key)]:
        for bound, value in list(vars(each).items()):
            if value is original:
                setattr(each, bound, replacement)


@contextmanager
def _importing(sources: Mapping[str, str]) -> Iterator[Callable[[str], ModuleType]]:
    """Let ``import reference.x`` find `sources`, and leave no trace in ``sys.modules``."""
    saved = {name: sys.modules.pop(name) for name in list(sys.modules) if _ours(name)}
    finder = _Finder(sources)
    sys.meta_path.insert(0, finder)
    try:
        yield lambda module: __import__(f"{PACKAGE}.{module}", fromlist=["*"])
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if _ours(name)]:
            del sys.modules[name]
        sys.modules.update(saved)


def _ours(module: str) -> bool:
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")


class _Finder(MetaPathFinder, Loader):
    """Imports the reference package from text."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = {f"{PACKAGE}.{name}": text for name, text in sources.items()}

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname == PACKAGE or fullname in self._sources:
            return ModuleSpec(fullname, self, is_package=fullname == PACKAGE)
        return None

    def exec_module(self, module: ModuleType) -> None:
        source = self._sources.get(module.__name__, "")
        exec(_compiled(source, module.__name__), vars(module))  # noqa: S102 - the course's own code


@lru_cache(maxsize=256)
def _compiled(source: str, name: str) -> CodeType:
    return compile(source, f"<{name}>", "exec")


def load_module(name: str, source: str, path: str) -> ModuleType:
    """Execute the source of a course's own file as a module of that name."""
    module = module_from_spec(ModuleSpec(name, None))
    module.__file__ = path
    exec(compile(source, path, "exec"), vars(module))  # noqa: S102 - the course's own code
    return module
