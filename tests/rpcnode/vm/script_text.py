"""Scripts written as words: an opcode, bytes as 0x…, a number or a 'text' to push."""

from rpcnode.primitives.push import push_data, push_integer
from rpcnode.vm.opcode import Opcode


def assemble(text: str) -> bytes:
    """The script of the words, which spaces divide."""
    return b"".join(map(_word, text.split()))


def _word(word: str) -> bytes:
    if word in Opcode.__members__:
        return bytes((Opcode[word],))
    if word.startswith("0x"):
        return bytes.fromhex(word[2:])
    if word.startswith("'"):
        return push_data(word[1:-1].encode())
    return push_integer(int(word))
