"""Stands for matplotlib where there is no NumPy: whatever is called does nothing, so that code which plots goes on."""

import opcode
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any

__version__, __version_info__ = "3.0", (3, 0, 0)


class Nothing:
    """Anything that belongs to a plot: it can be called, taken apart and calculated with, and stays what it is."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter((self,) * _wanted(sys._getframe(1)))

    def __len__(self) -> int:
        return 2

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *problem: Any) -> None:
        pass

    def __float__(self) -> float:
        return 0.0

    def __format__(self, wanted: str) -> str:
        return ""

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (object,)

    def _same(self, other: Any = None) -> Any:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __neg__ = _same


def _wanted(frame: FrameType) -> int:
    """Return how many parts the caller takes something apart into, as in `fig, (left, right) = …`; two if not known."""
    code, place = frame.f_code.co_code, frame.f_lasti
    return code[place + 1] if opcode.opname[code[place]] == "UNPACK_SEQUENCE" else 2


class _Module(ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()


class _Finder:
    """Finds every module of the package."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.startswith(f"{__name__}.") else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return Nothing()


sys.meta_path.insert(0, _Finder())
