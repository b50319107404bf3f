"""The root of the tree of hashes that a header commits to."""

from collections.abc import Sequence

from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt256


def merkle_root(hashes: Sequence[UInt256]) -> UInt256:
    """hash256 of pairs, level by level; the last of an odd level pairs with itself. Of no hashes the root is zero.

    Source: neo, Neo: Cryptography/MerkleTree.ComputeRoot.
    """
    if not hashes:
        return UInt256.ZERO
    level: list[bytes] = list(hashes)
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [hash256(left + right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return UInt256(level[0])
