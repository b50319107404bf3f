"""How many items a script holds: what `max_stack_size` limits."""

from collections.abc import Iterable

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
        compound.references += 1
        if compound.references > 1:
            return
        pending = [compound]
        for counted in pending:
            elements = counted.elements()
            self.base += len(elements)
            for element in () if counted.is_flat else elements:
                if isinstance(element, Compound):
                    element.references += 1
                    if element.references == 1:
                        pending.append(element)

    def popped(self, compound: Compound) -> None:
        """Count a compound no longer that was taken off the stack.

        What nobody holds then goes depth first, in order: with a cycle in it, the order decides what stays counted.
        """
        if compound.references > 1:
            compound.references -= 1
            return
        self.base += 1  # taken off again below, unless it was not counted: then the shorter stack must not show
        pending = [compound]
        while pending:
            held = pending.pop()
            if held.references != 0:
                self.base -= 1
                held.references -= 1
                if held.references == 0:
                    elements = held.elements()
                    if held.is_flat:
                        self.base -= len(elements)
                        continue
                    compounds = [element for element in elements if isinstance(element, Compound)]
                    self.base -= len(elements) - len(compounds)
                    pending.extend(reversed(compounds))

    def add(self, item: StackItem) -> None:
        """Count an item that a slot or a counted compound now holds."""
        self.base += 1
        if isinstance(item, Compound):
            self.pushed(item)

    def remove(self, item: StackItem) -> None:
        """Count an item no longer that a slot or a counted compound held."""
        self.base -= 1
        if type(item) is not int and isinstance(item, Compound):
            self.popped(item)

    def remove_all(self, items: Iterable[StackItem]) -> None:
        """Count items no longer, one after the other."""
        for item in items:
            self.remove(item)
