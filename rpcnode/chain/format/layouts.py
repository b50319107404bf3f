"""The layout of each profile. Only the one that is asked for is imported: their records take time to make."""

from collections.abc import Callable

from rpcnode.chain.format.layout import PayloadLayout
from rpcnode.primitives.errors import ProfileName


def _n3() -> type[PayloadLayout]:
    from rpcnode.chain.format.n3 import N3Layout

    return N3Layout


def _preview2() -> type[PayloadLayout]:
    from rpcnode.chain.format.preview2 import Preview2Layout

    return Preview2Layout


def _neo2() -> type[PayloadLayout]:
    from rpcnode.chain.format.neo2 import Neo2Layout

    return Neo2Layout


LAYOUTS: dict[ProfileName, Callable[[], type[PayloadLayout]]] = {"n3": _n3, "n3-preview": _preview2, "n2": _neo2}


def layout_of(profile: ProfileName, magic: int) -> PayloadLayout:
    """The layout of a profile on the network with that magic number."""
    return LAYOUTS[profile]()(magic)
