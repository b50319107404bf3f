"""Which hosts are this machine."""

from typing import Any, Final

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


def same_machine(client: tuple[Any, ...] | None, own: tuple[Any, ...] | None) -> bool:
    """Whether a connection comes from this machine, by the socket addresses of its ends: loopback, or one address."""
    return client is not None and own is not None and (client[0] == own[0] or is_loopback(client[0]))
