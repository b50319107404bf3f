"""How many items a script holds: what `max_stack_size` limits."""

from collections.abc import Iterable
from typing import Final

from rpcnode.vm.items import Compound, StackItem


class ReferenceCounter:
    """Counts what stacks and slots hold, and the elements of every compound among it, once for each.

    The top frame's stack is counted by its length, so pushing and popping numbers and bytes costs nothing here; `base`
    is everything else. A compound on the stack is announced with `pushed` and `popped`. An element put into or taken
    out of a compound that counts, or of a slot, goes through `add` and `remove`. A cycle that nothing holds counts for
    ever.
    Source: neo-vm, ReferenceCounter.
    """

    __slots__ = ("base", "stack")

    def __init__(self, stack: list[StackItem]) -> None:
        self.base = 0
        self.stack = stack

    @property
    def count(self) -> int:
        """The number of references at this moment."""
        return self.base + len(self.stack)

    def switch(self, stack: list[StackItem]) -> None:
        """Take another stack for the one whose length counts."""
        self.base += len(self.stack) - len(stack)
        self.stack = stack

    def pushed(self, compound: Compound) -> None:
        """Count a compound that was put on the stack."""
        if compound.references > 0:
            compound.references += 1
        else:
            compound.references = 1
            self._add_elements(compound)

    def popped(self, compound: Compound) -> None:
        """Count a compound no longer that was taken off the stack."""
        if compound.references > 1:
            compound.references -= 1
        elif compound.references == 0:
            self.base += 1  # not counted before, so the shorter stack must not show
        else:
            compound.references = 0
            self._remove_elements(compound)

    def add(self, value: StackItem) -> None:
        """Count a value that a slot or a counted compound now holds."""
        self.base += 1
        if isinstance(value, Compound):
            self.pushed(value)

    def remove(self, value: StackItem) -> None:
        """Count a value no longer that a slot or a counted compound held."""
        self.base -= 1
        if type(value) is not int and isinstance(value, Compound):
            self.popped(value)

    def remove_all(self, values: Iterable[StackItem]) -> None:
        """Count values no longer, one after the other."""
        for value in values:
            self.base -= 1
            if type(value) is not int and isinstance(value, Compound):
                self.popped(value)

    def _add_elements(self, compound: Compound) -> None:
        pending: Final = [compound]
        while pending:
            elements = pending.pop().elements()
            self.base += len(elements)
            for element in elements:
                if isinstance(element, Compound):
                    element.references += 1
                    if element.references == 1:
                        pending.append(element)

    def _remove_elements(self, compound: Compound) -> None:
        """Depth first, in order: with a cycle in it, the order decides what stays counted."""
        pending: Final = self._remove_primitives(compound)
        while pending:
            element = pending.pop()
            if element.references != 0:
                self.base -= 1
                element.references -= 1
                if element.references == 0:
                    pending.extend(self._remove_primitives(element))

    def _remove_primitives(self, compound: Compound) -> list[Compound]:
        """Count all elements but compounds no longer; the compounds, last first."""
        elements = compound.elements()
        compounds = [element for element in elements if isinstance(element, Compound)]
        self.base -= len(elements) - len(compounds)
        compounds.reverse()
        return compounds
