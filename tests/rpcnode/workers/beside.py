"""A reader beside a node of the same process, asked without a port."""

from collections.abc import Generator
from typing import NamedTuple

from rpcnode.chain.db.reading_store import ReadingStore
from rpcnode.node import Node
from rpcnode.primitives.json import Pause
from rpcnode.server.jsonrpc.reply import AnswersRequests, Reply, finished
from rpcnode.workers.hash_notes import HashNotes
from rpcnode.workers.own_methods import ask_writer
from rpcnode.workers.reader_answers import Question, ReaderAnswers
from rpcnode.workers.state_page import StatePage, StateWriter
from rpcnode.workers.view import View


class Reader(NamedTuple):
    """A reader of a node; `asked` has what it has asked the writer."""

    node: Node
    view: View
    answers: ReaderAnswers
    asked: list[Question]


def reader_beside(writer: Node, answers: AnswersRequests) -> Reader:
    """A reader of a node that shares its file, and whose requests are answered by `answers`; the caller closes it."""
    path = writer.store.path
    assert path is not None
    page, notes = StatePage.new(), HashNotes.new()
    StateWriter(writer, page)
    store = ReadingStore(path)
    node = Node.reader_of(writer.options, store)
    HashNotes(notes.descriptor).write_those_of(node.ledger.handed_out, ask_writer)
    for handed_out in writer.ledger.handed_out:
        handed_out.look = lambda: notes.add_to(writer.ledger.handed_out)
    view = View(node, store, page)
    asked: list[Question] = []

    def ask(question: Question) -> Generator[Pause, None, Reply]:
        asked.append(question)
        source, authorization, headers, is_local, client = question
        assert isinstance(source, bytes)
        yield None
        return finished(answers.begin_post(source, authorization, headers, is_local=is_local, client=client))

    return Reader(node, view, ReaderAnswers(node, view, ask), asked)
