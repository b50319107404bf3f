"""Jumps, calls, exceptions. Source of all: neo-vm, JumpTable.Control and JumpTable.Types.

A target below zero is one outside of the script, see `code.py`; only taking the jump is a fault.
"""

import operator
from collections.abc import Callable

from rpcnode.primitives.errors import VmFault
from rpcnode.vm.code import OUTSIDE, Operation
from rpcnode.vm.conversions import pop, pop_boolean, to_bytes, to_integer, to_text, truth
from rpcnode.vm.faults import wrong_type
from rpcnode.vm.frame import FINALLY, Frame, TryBlock
from rpcnode.vm.items import Pointer
from rpcnode.vm.state import VmState

NO_TRY = "The corresponding TRY block cannot be found."


def op_nop(frame: Frame, operand: None) -> None:
    """Do nothing."""


def op_jmp(frame: Frame, target: int) -> None:
    """Go to the target."""
    # JUMP
    frame.ip = target if target >= 0 else outside(target)


def truth_jump(wanted: bool) -> Operation:
    """Go to the target if the top of the stack is what is wanted."""

    def operation(frame: Frame, target: int) -> None:
        # POP
        value = frame.stack.pop()
        condition = value if type(value) is bool else truth(frame, value)
        # JUMP
        if condition is wanted:
            frame.ip = target if target >= 0 else outside(target)

    return operation


def comparing_jump(holds: Callable[[int, int], bool]) -> Operation:
    """Go to the target if the comparison holds between the lower number and the top."""

    def operation(frame: Frame, target: int) -> None:
        stack = frame.stack
        # POP
        right = stack.pop()
        if type(right) is not int:
            right = to_integer(right)
        left = stack.pop()
        if type(left) is not int:
            left = to_integer(left)
        # JUMP
        if holds(left, right):
            frame.ip = target if target >= 0 else outside(target)

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
    # CHECK
    if position < 0:
        frame.jump(position - OUTSIDE)
    # CALL
    frame.engine.load(Frame(frame.engine, frame.shared, position, 0))


def op_calla(frame: Frame, operand: None) -> None:
    """Call the function that a pointer means."""
    # POP
    pointer = pop(frame)
    # CHECK
    if not isinstance(pointer, Pointer):
        raise wrong_type("Pointer")
    if pointer.script is not frame.script:
        raise VmFault("Pointers can't be shared between scripts")
    # CALL
    op_call(frame, pointer.position)


def op_callt(frame: Frame, token: int) -> None:
    """Call the contract's method that a token of the running contract means; the host knows which."""
    # CALL
    frame.engine.host.call_token(frame.engine, token)


def op_syscall(frame: Frame, api: int) -> None:
    """Call a service of the host."""
    # CALL
    frame.engine.host.syscall(frame.engine, api)


def op_ret(frame: Frame, operand: None) -> None:
    """Return to the caller, with all of the stack when the caller has another one."""
    engine = frame.engine
    frames = engine.frames
    # POP
    frames.pop()
    # CHECK
    stack = frame.stack
    receiver = frames[-1].stack if frames else engine.results
    if receiver is not stack:
        if frame.result_count not in (-1, len(stack)):
            raise VmFault(
                f"Return value count mismatch: expected {frame.result_count}, "
                f"but got {len(stack)} items on the evaluation stack"
            )
        # PUSH
        engine.counter.switch(receiver)
        engine.counter.base -= len(stack)
        receiver += stack
        if not frames:
            engine.state = VmState.HALT
    engine.unload(frame)


def op_abort(frame: Frame, operand: None) -> None:
    """Fail, whatever would catch it."""
    raise VmFault("ABORT is executed.")


def op_abortmsg(frame: Frame, operand: None) -> None:
    """Fail with a message, whatever would catch it."""
    # POP
    message = to_text(pop(frame))
    # CHECK
    raise VmFault(f"ABORTMSG is executed. Reason: {message}")


def op_assert(frame: Frame, operand: None) -> None:
    """Fail if the top of the stack is false, whatever would catch it."""
    # POP
    condition = pop_boolean(frame)
    # CHECK
    if not condition:
        raise VmFault("ASSERT is executed with false result.")


def op_assertmsg(frame: Frame, operand: None) -> None:
    """Fail with a message if what is below it is false, whatever would catch it."""
    # POP
    message = pop(frame)
    text, condition = to_text(message), pop_boolean(frame)
    # CHECK
    if not condition:
        raise VmFault(f"ASSERTMSG is executed with false result. Reason: {text}")
    to_bytes(message)  # neo-vm quirk: measures the message, so Null, though a text, fails even here


def op_throw(frame: Frame, operand: None) -> None:
    """Throw the top of the stack, whatever it is."""
    # POP
    value = pop(frame)
    # THROW
    frame.engine.throw(value)


def op_try(frame: Frame, positions: tuple[int, int] | None) -> None:
    """Open a TRY block, with CATCH, FINALLY or both."""
    # CHECK
    if positions is None:
        raise VmFault("catchOffset and finallyOffset can't both be 0 in a TRY block.")
    if len(frame.tries) >= frame.engine.limits.max_try_nesting_depth:
        raise VmFault("MaxTryNestingDepth exceed.")
    # TRY
    catch_at, finally_at = positions
    frame.tries.append(TryBlock(catch_at, finally_at))


def op_endtry(frame: Frame, position: int) -> None:
    """End a TRY or CATCH: go to its FINALLY, or to the position behind the block."""
    # CHECK
    if not frame.tries:
        raise VmFault(NO_TRY)
    block = frame.tries[-1]
    if block.state is FINALLY:
        raise VmFault("The opcode ENDTRY can't be executed in a FINALLY block.")
    # JUMP
    if block.finally_at >= 0:
        block.state = FINALLY
        block.end_at = position
        frame.jump(block.finally_at)
    else:
        frame.tries.pop()
        frame.jump(position)


def op_endfinally(frame: Frame, operand: None) -> None:
    """End a FINALLY: go to the position behind the block, or throw on what was thrown."""
    # CHECK
    if not frame.tries:
        raise VmFault(NO_TRY)
    # JUMP
    block = frame.tries.pop()
    thrown = frame.engine.thrown
    if thrown is None:
        frame.jump(block.end_at)
    else:
        frame.engine.throw(thrown[0])


def outside(target: int) -> int:
    """Raises the fault of a jump to a position outside of the script."""
    raise VmFault(
        f"Specified argument was out of the range of valid values. "
        f"(Parameter 'Jump out of range for position: {target - OUTSIDE}')"
    )
