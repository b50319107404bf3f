"""`dataclass` for frozen records with slots: as the standard library's, made in a quarter of the time.

A start makes a hundred such classes. For each the library compiles seven functions; of these one is needed, since what
compares, hashes and prints can be the same for all. That nobody writes to a record is for mypy to see, so that making
one takes a third of the time too.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """The decorator; both options are given, and true, as mypy needs to read them."""
        assert frozen and slots
        return _record


def _record(cls: type) -> Any:
    # A dataclass must be frozen where a base is, as that of a plugin's configuration.
    params = [getattr(base, "__dataclass_params__", None) for base in cls.__mro__]
    is_frozen = any(each is not None and each.frozen for each in params)
    made: Any = dataclasses.dataclass(repr=False, eq=False, frozen=is_frozen, slots=True)(cls)
    names = [field.name for field in dataclasses.fields(made) if field.compare]
    values = attrgetter(*names) if names else _nothing

    def equals(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(values(self))

    for name, method in (("__eq__", equals), ("__hash__", hashed), ("__repr__", _text)):
        if cls.__dict__.get(name) is None:
            setattr(made, name, method)
    return made


def _nothing(record: object) -> tuple[()]:
    return ()


def _text(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


__all__ = ["dataclass"]
