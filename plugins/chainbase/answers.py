"""The envelopes: one for what was asked, one for every error."""

import json
from collections.abc import Mapping
from typing import Final

from rpcnode.plugin import Json
from rpcnode.plugin.rest import RestResponse

OK: Final[Mapping[str, Json]] = {"code": 0, "message": "ok"}


class Refused(Exception):
    """A request that is answered by an error. The `code` in the body repeats the status.

    Our decision, but for 429, of which an answer was seen in public: the documentation gives codes no meaning.
    """

    def __init__(self, status: int, message: str, *headers: tuple[str, str]) -> None:
        super().__init__(status, message)
        self.response = RestResponse(status, body_of({"code": status, "message": message}), headers=headers)


def body_of(document: Mapping[str, Json]) -> bytes:
    """A JSON body; integers keep every digit."""
    return json.dumps(document, separators=(",", ":")).encode()
