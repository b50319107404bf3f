"""Scripts that are kept between runs, so that each is made ready to run once."""

from typing import Final

from rpcnode.vm.script import Script

_MAX_KEPT: Final = 192 * 1024  # bytes of scripts; decoded, a script takes up to two hundred times as much
_MOST_SEEN: Final = 1 << 14

_KEPT: Final[dict[tuple[bytes, bool], Script]] = {}  # the oldest first
_SEEN: Final[set[int]] = set()  # by their hash
_kept_size: Final = [0]


def script_of(data: bytes, strict: bool = False) -> Script:
    """The script of these bytes, the same object every time for as long as it is kept. Raises BadScript if strict."""
    script = _KEPT.get((data, strict))
    if script is None:
        script = _KEPT[data, strict] = Script(data, strict, is_kept=True)
        _kept_size[0] += len(data)
        while _kept_size[0] > _MAX_KEPT:
            oldest = next(iter(_KEPT))
            del _KEPT[oldest]
            _kept_size[0] -= len(oldest[0])
    return script


def script_of_run(data: bytes) -> Script:
    """The same for a script of which most are run once: it is kept from the second time on."""
    seen = hash(data)
    if seen in _SEEN:
        return script_of(data)
    if len(_SEEN) >= _MOST_SEEN:
        _SEEN.clear()
    _SEEN.add(seen)
    return Script(data)
