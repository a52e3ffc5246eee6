"""Reading a text, numbering its characters, and the arrays for predicting the next one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import few
from within import within

from bpttlib.text import PARABLE, TITLE, Vocabulary, next_character, one_hot, read_text, river

any_text = st.text(st.characters(), min_size=1)


# ---- reading ------------------------------------------------------------------------------------


def test_the_same_text_from_a_path_and_from_bytes(tmp_path):
    file = tmp_path / "story.txt"
    file.write_bytes("Zeit, 時間, čas, ⌛ 🕰️".encode())
    wanted = ("Zeit, 時間, čas, ⌛ 🕰️", "")
    assert read_text(file) == read_text(str(file)) == read_text(file.read_bytes()) == wanted
    assert read_text(bytearray(file.read_bytes())) == read_text(memoryview(file.read_bytes())) == wanted


def test_white_space_and_line_ends_become_one_space():
    assert read_text(b"  one\r\ntwo\n\n\tthree\x0cfour\x0b five \n") == ("one two three four five", "")


@few
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_text_comes_back_but_for_white_space(text):
    words = text.removeprefix("\ufeff").split()
    if words:
        assert read_text(text.encode()) == (" ".join(words), "")
    else:
        with pytest.raises(ValueError, match="empty"):
            read_text(text.encode())


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n"])
def test_an_empty_text_is_refused(data):
    with pytest.raises(ValueError, match="the text is empty"):
        read_text(data)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.txt").touch()
    with pytest.raises(ValueError, match="the text is empty"):
        read_text(tmp_path / "empty.txt")


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere.txt"):
        read_text(tmp_path / "nowhere.txt")
    with pytest.raises(ValueError, match="is no regular file"):
        read_text(tmp_path)


def test_a_path_may_come_as_it_was_copied(tmp_path, monkeypatch):
    file = tmp_path / "my text.txt"
    file.write_text("words", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for copied in (f"  {file} ", f'"{file}"', f"'{file}'", file.as_uri(), "~/my text.txt"):
        assert read_text(copied) == ("words", "")


def test_a_byte_order_mark_is_no_character():
    assert read_text(b"\xef\xbb\xbfwords") == ("words", "")


@pytest.mark.parametrize(
    "data, place, byte",
    [
        (b"\x89PNG\r\n\x1a\n\x00", 0, "0x89"),
        ("Žluť".encode("utf-16"), 0, "0xff"),
        ("naïve".encode("latin-1"), 2, "0xef"),
        (b"ab\xe2\x82", 2, "0xe2"),
        (b"\xef\xbb\xbfab\xff", 5, "0xff"),
    ],
    ids=["picture", "utf-16", "latin-1", "cut short", "after a byte order mark"],
)
def test_what_is_not_utf_8_is_refused_naming_the_byte(data, place, byte):
    with pytest.raises(ValueError, match=f"not UTF-8 text: byte {place} is {byte}"):
        read_text(data)


@within("control", ["\x00", "\x01", "\x07", "\x08", "\x1b", "\x1f"])
def test_control_characters_mean_binary_data(control):
    with pytest.raises(ValueError, match="binary data") as error:
        read_text(f"PK{control}\x14 text".encode())
    assert ascii(control) in str(error.value)


MEGABYTE = 1_000_000


@pytest.mark.parametrize("character, inside", [("é", 1), ("時", 1), ("時", 2), ("🕰", 1), ("🕰", 2), ("🕰", 3)])
def test_the_first_megabyte_of_a_big_text_even_if_that_cuts_a_character(character, inside, tmp_path):
    assert 0 < inside < len(character.encode())
    letters = "a" * (MEGABYTE - inside)
    data = (letters + character * 10).encode()
    (tmp_path / "big.txt").write_bytes(data)
    for source in (data, tmp_path / "big.txt"):
        text, note = read_text(source)
        assert text == letters
        assert "only the first 1 MB" in note


def test_a_cut_between_two_characters_keeps_both_sides_right():
    text, note = read_text(("é" * (MEGABYTE // 2) + "x").encode())
    assert text == "é" * (MEGABYTE // 2) and "only the first 1 MB" in note


def test_a_text_of_exactly_a_megabyte_is_read_whole():
    text, note = read_text(b"b" * MEGABYTE)
    assert len(text) == MEGABYTE and note == ""


def test_a_broken_byte_in_a_big_text_is_still_refused():
    with pytest.raises(ValueError, match="byte 10 is 0xff"):
        read_text(b"a" * 10 + b"\xff" + b"a" * MEGABYTE)


def test_the_texts_that_come_with_the_course():
    assert TITLE == "the time machine by h g wells"
    assert len(PARABLE) > 300 and read_text(PARABLE.encode())[0] == " ".join(PARABLE.split())
    assert len(river()) > 2000 and river() == " ".join(river().split()) and river().isascii()


# ---- numbers ------------------------------------------------------------------------------------


@few
@given(any_text)
def test_encode_and_decode_are_inverse(text):
    vocabulary = Vocabulary.of(text)
    numbers = vocabulary.encode(text)
    assert numbers.shape == (len(text),) and numbers.dtype.kind == "i"
    assert vocabulary.decode(numbers) == text
    assert [vocabulary.characters[n] for n in numbers] == list(text)


@few
@given(any_text)
def test_a_vocabulary_holds_every_character_once_in_order(text):
    vocabulary = Vocabulary.of(text)
    assert list(vocabulary.characters) == sorted(set(text))
    assert len(vocabulary) == len(set(text))


@few
@given(any_text, any_text)
def test_unknown_characters_are_named(known, text):
    vocabulary, unknown = Vocabulary.of(known), sorted(set(text) - set(known))
    if unknown:
        with pytest.raises(ValueError) as error:
            vocabulary.encode(text)
        message = str(error.value)
        assert all(repr(c) in message for c in unknown[:5])
        assert f"{len(vocabulary)} characters" in message
        assert message.endswith("…") == (len(unknown) > 5)
    else:
        assert vocabulary.decode(vocabulary.encode(text)) == text


def test_nothing_encodes_to_nothing():
    vocabulary = Vocabulary.of("abc")
    assert vocabulary.encode("").shape == (0,) and vocabulary.decode([]) == ""


@pytest.mark.parametrize("shape", [(7,), (4, 3), (1, 1)])
def test_one_hot_puts_a_single_1_in_the_place_of_the_number(shape):
    numbers = np.random.default_rng(0).integers(5, size=shape)
    x = one_hot(numbers, 5)
    assert x.shape == (*shape, 5) and (x.sum(axis=-1) == 1).all()
    for at in np.ndindex(shape):
        assert x[*at, numbers[at]] == 1


@few
@given(st.text(st.characters(), min_size=2), st.data())
def test_at_step_t_the_network_reads_character_t_and_is_asked_for_the_next(text, data):
    T = data.draw(st.integers(1, len(text) - 1))
    vocabulary = Vocabulary.of(text)
    x, y = next_character(text, T)
    assert x.shape == (T, 1, len(vocabulary)) and y.shape == (T, 1)
    assert vocabulary.decode(x[:, 0].argmax(axis=-1)) == text[:T]
    assert vocabulary.decode(y[:, 0]) == text[1 : T + 1]


def test_by_default_every_character_but_the_last_is_read():
    x, y = next_character(TITLE)
    assert x.shape == (28, 1, len(set(TITLE))) and y.shape == (28, 1)


def test_a_vocabulary_of_the_caller_sets_the_size():
    vocabulary = Vocabulary.of("abcdefgh")
    x, y = next_character("badge", 3, vocabulary)
    assert x.shape == (3, 1, 8) and y[:, 0].tolist() == [0, 3, 6]
    with pytest.raises(ValueError, match="'z'"):
        next_character("bazd", 3, vocabulary)


@pytest.mark.parametrize(
    "text, T, needed", [("", None, 2), ("a", None, 2), ("abc", 3, 4), ("", 1, 2)], ids=["empty", "one", "T", "T = 1"]
)
def test_a_text_too_short_says_what_it_would_take(text, T, needed):
    with pytest.raises(ValueError, match=f"need {needed} characters, the text has {len(text)}"):
        next_character(text, T)
