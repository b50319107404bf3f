"""Jumps, calls, exceptions. Source of all: neo-vm, JumpTable.Control and JumpTable.Types.

A target below zero is one outside of the script, see `code.py`; only taking the jump is a fault.
"""

import operator
from collections.abc import Callable

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import OUTSIDE, Operation
from rpcnode.vm.conversions import pop, pop_boolean, to_integer, to_text
from rpcnode.vm.faults import INT32_MAX, OVERFLOW, out_of_range, wrong_type
from rpcnode.vm.items import MAX_INTEGER_SIZE, Buffer, Pointer
from rpcnode.vm.machine import FINALLY, TRY, Frame

LONG_TEXT = 64  # bytes from which on it is remembered that they are UTF-8: ASSERTMSG costs as little as PUSH1
MAX_TEXTS = 256  # of 131,070 bytes each at most
NO_TRY = "The corresponding TRY block cannot be found."


def op_nop(frame: Frame, operand: None) -> None:
    """Do nothing."""


def op_jmp(frame: Frame, target: int) -> None:
    """Go to the target."""
    frame.ip = target if target >= 0 else outside(target)  # JUMP


def truth_jump(wanted: bool) -> Operation:
    """Go to the target if the top of the stack is what is wanted."""

    def operation(frame: Frame, target: int) -> None:
        if pop_boolean(frame) is wanted:  # POP
            frame.ip = target if target >= 0 else outside(target)  # JUMP

    return operation


def comparing_jump(holds: Callable[[int, int], bool]) -> Operation:
    """Go to the target if the comparison holds between the lower number and the top."""

    def operation(frame: Frame, target: int) -> None:
        right = frame.stack.pop()  # POP
        if type(right) is not int:
            right = to_integer(right)
        left = frame.stack.pop()
        if holds(left if type(left) is int else to_integer(left), right):
            frame.ip = target if target >= 0 else outside(target)  # JUMP

    return operation


op_jmpif = truth_jump(True)
op_jmpifnot = truth_jump(False)
op_jmpeq = comparing_jump(operator.eq)
op_jmpne = comparing_jump(operator.ne)
op_jmpgt = comparing_jump(operator.gt)
op_jmpge = comparing_jump(operator.ge)
op_jmplt = comparing_jump(operator.lt)
op_jmple = comparing_jump(operator.le)


def op_call(frame: Frame, position: int) -> None:
    """Call a function of the same script; it works on the same stack and the same static fields."""
    if position < 0:  # CHECK
        frame.jump(position - OUTSIDE)
    engine = frame.engine
    engine.load(Frame(engine, frame.shared, position, 0))  # CALL


def op_calla(frame: Frame, operand: None) -> None:
    """Call the function that a pointer means."""
    pointer = pop(frame)  # POP
    if not isinstance(pointer, Pointer):  # CHECK
        raise wrong_type("Pointer")
    if pointer.script is not frame.shared:
        raise VmFault("Pointers can't be shared between scripts")
    op_call(frame, pointer.position)  # CALL


def op_callt(frame: Frame, token: int) -> None:
    """Call the contract's method that a token of the running contract means; the engine knows which."""
    frame.engine.call_token(token)  # CALL


def op_syscall(frame: Frame, api: int) -> None:
    """Call a service of the engine."""
    frame.engine.syscall(api)  # CALL


def op_ret(frame: Frame, operand: None) -> None:
    """Return to the caller, with all of the stack when the caller has another one."""
    engine, stack, count = frame.engine, frame.stack, frame.result_count
    frames = engine.frames
    frames.pop()  # POP
    receiver = frames[-1].stack if frames else engine.results
    if receiver is not stack:
        if count not in (-1, len(stack)):  # CHECK
            got = f"expected {count}, but got {len(stack)} items on the evaluation stack"
            raise VmFault(f"Return value count mismatch: {got}")
        engine.counter.switch(receiver)  # PUSH
        engine.counter.base -= len(stack)
        receiver += stack
    engine.unload(frame)


def op_abort(frame: Frame, operand: None) -> None:
    """Fail, whatever would catch it."""
    raise VmFault("ABORT is executed.")


def op_abortmsg(frame: Frame, operand: None) -> None:
    """Fail with a message, whatever would catch it."""
    raise VmFault(f"ABORTMSG is executed. Reason: {to_text(pop(frame))}")  # POP, CHECK


def op_assert(frame: Frame, operand: None) -> None:
    """Fail if the top of the stack is false, whatever would catch it."""
    item = frame.stack[-1] if frame.stack else None
    if type(item) is bytes and len(item) <= MAX_INTEGER_SIZE and item.strip(b"\0"):
        frame.stack.pop()  # POP; as below, but it costs as little as PUSH1, so two calls less
    elif not pop_boolean(frame):  # CHECK
        raise VmFault("ASSERT is executed with false result.")


def op_assertmsg(frame: Frame, operand: None) -> None:
    """Fail with a message if what is below it is false, whatever would catch it."""
    message, texts = frame.stack.pop(), frame.engine.texts  # POP; no compound passes as text
    if texts.get(id(message)) is None:
        to_text(message)
        if isinstance(message, bytes | Buffer) and len(message) >= LONG_TEXT:
            if len(texts) == MAX_TEXTS:
                texts.clear()
            texts[id(message)] = message
    if not pop_boolean(frame):  # CHECK
        raise VmFault(f"ASSERTMSG is executed with false result. Reason: {to_text(message)}")


def op_throw(frame: Frame, operand: None) -> None:
    """Throw the top of the stack, whatever it is."""
    frame.engine.throw(pop(frame))  # POP, JUMP


def op_try(frame: Frame, positions: tuple[int, int] | None) -> None:
    """Open a TRY block, with CATCH, FINALLY or both."""
    if positions is None:  # CHECK
        raise VmFault("catchOffset and finallyOffset can't both be 0 in a TRY block.")
    if len(frame.tries) >= frame.engine.limits.max_try_nesting_depth:
        raise VmFault("MaxTryNestingDepth exceed.")
    catch_at, finally_at = positions
    frame.tries.append((catch_at, finally_at, TRY, -1))  # PUT


def op_endtry(frame: Frame, position: int) -> None:
    """End a TRY or CATCH: go to its FINALLY, or to the position behind the block."""
    if not frame.tries:  # CHECK
        raise VmFault(NO_TRY)
    catch_at, finally_at, part, _ = frame.tries.pop()
    if part == FINALLY:
        raise VmFault("The opcode ENDTRY can't be executed in a FINALLY block.")
    if finally_at >= 0:  # PUT
        frame.tries.append((catch_at, finally_at, FINALLY, position))
    frame.jump(finally_at if finally_at >= 0 else position)  # JUMP


def op_endfinally(frame: Frame, operand: None) -> None:
    """End a FINALLY: go to the position behind the block, or throw on what was thrown."""
    if not frame.tries:  # CHECK
        raise VmFault(NO_TRY)
    *_, end_at = frame.tries.pop()
    thrown = frame.engine.thrown
    if thrown is None:
        frame.jump(end_at)  # JUMP
    else:
        frame.engine.throw(thrown[0])


def outside(target: int) -> int:
    """Raises the fault of a jump to a position outside of the script."""
    position = target - OUTSIDE
    if position > INT32_MAX:
        raise VmFault(OVERFLOW)
    raise out_of_range(f"Jump out of range for position: {position}")
