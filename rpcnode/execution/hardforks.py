"""The hardforks of N3, in their order. Source: neo 3.10.2, Hardfork.cs."""

from enum import IntEnum


class Hardfork(IntEnum):
    """A change of the rules at a height; the wire's names are these with `HF_` before them, or without."""

    Aspidochelone = 0
    Basilisk = 1
    Cockatrice = 2
    Domovoi = 3
    Echidna = 4
    Faun = 5
    Gorgon = 6
    Huyao = 7
