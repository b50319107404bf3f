"""Memory that the processes of a node share."""

import os
import sys
import tempfile


def shared_memory(size: int) -> int:
    """The descriptor of so many bytes, zeros, for `mmap` here and in processes that inherit it. Raises OSError.

    What nobody has written takes no memory. A file would take the disk's room only then, and on a full disk end whoever
    writes (SIGBUS); it is used where the system has nothing else.
    """
    if sys.platform == "linux":
        descriptor = os.memfd_create("rpcnode")
        os.ftruncate(descriptor, size)
        return descriptor
    with tempfile.TemporaryFile() as file:
        file.truncate(size)
        return os.dup(file.fileno())
