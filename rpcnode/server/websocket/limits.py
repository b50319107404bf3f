"""What one client, and all of them together, may cost. Source: neo-go 0.120, pkg/services/rpcsrv."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSocketLimits:
    """Times in seconds. `queue_bytes` is ours: neo-go bounds the events that wait by their number alone."""

    clients: int = 64
    subscriptions: int = 16  # of one client
    queue: int = 1024  # events that wait for one client,
    queue_bytes: int = 4 * 1024 * 1024  # ... and characters of their texts; one event always has room
    message_bytes: int = 1024 * 1024  # of what a client sends at once
    ping: float = 30.0  # between two pings
    pong: float = 60.0  # without a pong, after which a client is gone
    write: float = 15.0  # in which a client takes what it is sent
    close: float = 0.2  # in which it says goodbye
