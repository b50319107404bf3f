"""Fixture files as such: suffixes, compression, sizes, encodings."""

import gzip
from pathlib import Path

import pytest

from rpcnode.dev.places import file as fixture_file
from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.file import read_plain
from tests.rpcnode.dev.fixture_texts import WriteFile


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "node: {height: 3}"),
        ("a.YML", "node: {height: 3}"),
        ("a.json", '{"node": {"height": 3}}'),
        ("a.toml", "node = {height = 3}"),
        ("chain.v1.2.yaml", "\ufeffnode: {height: 3}"),
    ],
)
def test_a_file_is_read_by_its_suffix(write: WriteFile, name: str, text: str) -> None:
    assert read_plain(write(name, text)) == {"node": {"height": 3}}


@pytest.mark.parametrize("name", ["a.yaml.gz", "a.json.GZ"])
def test_a_compressed_file_is_read_by_the_suffix_before(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b'{"node": {"height": 3}}'))
    assert read_plain(path) == {"node": {"height": 3}}


def refusal(path: Path) -> str:
    with pytest.raises(FixtureError) as caught:
        read_plain(path)
    return str(caught.value)


@pytest.mark.parametrize("name", ["a.txt", "yaml", "a.gz", "a.json.bak"])
def test_a_file_of_unknown_format_is_refused(write: WriteFile, name: str) -> None:
    right = "a fixture's name ends in .yaml, .yml, .json, .toml or .acc, then .gz if compressed"
    assert refusal(write(name, "{}")) == f"{name}: of unknown format; {right}"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    assert refusal(path) == f"{path}: cannot be read: No such file or directory"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.mkdir()
    assert refusal(path) == f"{path}: a folder; a file is expected"


@pytest.mark.parametrize("content", [b"{}", gzip.compress(bytes(999))[:-20]], ids=["not gzip", "cut off"])
def test_a_damaged_compressed_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.yaml.gz"
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path}: cannot be decompressed: ")


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    assert refusal(path) == f"{path}:2: not UTF-8: the byte 0xff stands where none can"


def test_a_file_above_the_size_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixture_file, "MAX_FILE_SIZE", 1024 * 1024)
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b" " * (1024 * 1024 + 1)))
    assert refusal(path) == f"{path}: larger than 1 MB"


def test_a_file_of_exactly_the_size_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixture_file, "MAX_FILE_SIZE", 8)
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a": 1}')
    assert read_plain(path) == {"a": 1}
