"""The two hash functions that only contracts use. Their libraries are loaded by the first call."""


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum has it, which is not SHA3-256: 32 bytes."""
    from Crypto.Hash import keccak

    return keccak.new(digest_bits=256, data=data).digest()


def murmur32(data: bytes, seed: int) -> bytes:
    """MurmurHash3 of 32 bits, with a seed below 2^32: four bytes, the least significant first."""
    import mmh3

    return mmh3.hash(data, seed, signed=False).to_bytes(4, "little")
