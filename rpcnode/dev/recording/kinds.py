"""Recorded chains of every profile: which node one was recorded from, and its reader."""

from typing import Final

from rpcnode.chain.recorded.recorded import Recording
from rpcnode.dev.places.place import Place
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json

_NODES: Final[dict[ProfileName, str]] = {"n3": "Neo N3", "n3-preview": "Neo 3.0.0-preview2", "n2": "Neo 2"}


def read_recording(plain: dict[str, Json], whole: Place, profile: ProfileName) -> Recording:
    """The recorded chain in `plain`. Raises FixtureError, also for one of another profile's node."""
    recorded = _profile_of(plain)
    if recorded != profile:
        what = f"a recorded chain of {_NODES[recorded]}, which the profile {profile} does not emulate"
        raise whole.error(f"{what}; use {recorded}")
    if profile == "n3":
        from rpcnode.dev.recording.recording import read_n3_recording

        return read_n3_recording(plain, whole, profile)
    from rpcnode.dev.recording.older_recording import read_older_recording

    return read_older_recording(plain, whole, profile)


def _profile_of(plain: dict[str, Json]) -> ProfileName:
    """N3's getversion tells the protocol; the older nodes do not, so that it stands beside, as they spell it."""
    protocol = plain.get("protocol")
    if isinstance(protocol, dict):
        if "Magic" in protocol:
            return "n2"
        if "magic" in protocol:
            return "n3-preview"
    return "n3"
