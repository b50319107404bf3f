"""Which hosts are this machine alone."""

from typing import Final

_USUAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))


def is_loopback(host: str) -> bool:
    """Whether a host, in lower case, is this machine for every resolver: `localhost`, a name below it, 127/8 or ::1."""
    if host in _USUAL or host.endswith(".localhost"):
        return True
    # 3 ms that a start without such a host does without.
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
