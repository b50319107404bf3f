"""What a replay of recorded answers says when they are not the real node's."""

from pathlib import Path

import pytest

from tests.recorded_answers import Call, Masks, Outcome, Waiting, compare

RIGHT = '{"jsonrpc":"2.0","id":1,"result":1}'
ASKED = Call("getblockcount", [], RIGHT)
OTHER = Call("getblockcount", [1], RIGHT)
WRONG = '{"jsonrpc":"2.0","id":1,"result":2}'


def waiting(folder: Path, *lines: str) -> Waiting:
    file = folder / "waiting.txt"
    file.write_text("\n".join(lines), "utf-8")
    return Waiting.read(file)


def failure(waits: Waiting, *outcomes: Outcome) -> str:
    with pytest.raises(AssertionError) as failed:
        waits.check(outcomes, {"run"})
    return str(failed.value)


def test_a_wrong_answer_is_reported_with_the_place_where_it_differs(tmp_path: Path) -> None:
    told = failure(waiting(tmp_path), compare("run", ASKED, WRONG))
    assert "getblockcount: 1\n  run getblockcount []\n    at 33\n" in told
    assert f"right {RIGHT!r}" in told and f"ours  {WRONG!r}" in told


def test_a_wrong_answer_that_waits_is_passed_over_and_has_its_reason(tmp_path: Path) -> None:
    waits = waiting(tmp_path, "# a counter", "run getblockcount []")
    waits.check([compare("run", ASKED, WRONG), compare("run", OTHER, RIGHT)], {"run"})
    assert waits.reasons == {"run getblockcount []": "a counter"}


def test_an_exact_answer_may_not_wait(tmp_path: Path) -> None:
    told = failure(waiting(tmp_path, "run getblockcount []"), compare("run", ASKED, RIGHT))
    assert told == "exact by now, so no longer to be listed in waiting.txt:\nrun getblockcount []"


def test_only_what_is_asked_may_wait_and_other_runs_do_not_count(tmp_path: Path) -> None:
    waits = waiting(tmp_path, "run getblockcount []", "other getblockcount []")
    assert failure(waits) == "listed in waiting.txt, and asked nowhere:\nrun getblockcount []"


def test_a_whole_method_may_wait_until_one_of_its_answers_is_exact(tmp_path: Path) -> None:
    waits = waiting(tmp_path, "run getblockcount *", "run getpeers *")
    told = failure(waits, compare("run", ASKED, WRONG))
    assert told == "listed in waiting.txt, and asked nowhere:\nrun getpeers *"
    told = failure(waiting(tmp_path, "run getblockcount *"), compare("run", ASKED, WRONG), compare("run", OTHER, RIGHT))
    assert told == "exact by now, so no longer to be listed in waiting.txt:\nrun getblockcount [1]"


def test_long_parameters_are_listed_by_their_beginning_and_a_digest() -> None:
    lines = {Call("m", ["x" * 1_000 + end], RIGHT).line("run") for end in "ab"}
    assert len(lines) == 2 and max(map(len, lines)) < 250


def test_masks_cover_what_moves_in_the_texts_of_their_method() -> None:
    masks = Masks([["getversion", r'"nonce":\d+', '"nonce":0'], [None, "id.:1", "id"]])
    assert masks.apply("getversion", '{"id":1,"nonce":7}') == '{"id,"nonce":0}'
    assert masks.apply("getpeers", '{"id":1,"nonce":7}') == '{"id,"nonce":7}'
