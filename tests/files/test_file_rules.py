"""Names of files, whatever the client sends."""

import pytest

from app.files.rules import LONGEST_NAME, extension_of, media_type_of, safe_file_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Notat.pdf", "Notat.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kari\\Møtereferat – endelig.docx", "Møtereferat – endelig.docx"),
        ("a\x00b\r\nContent-Type: x.pdf", "ab Content-Type_ x.pdf"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("..", "file"),
        ("folder/", "file"),
        ('who "knows"?.md', "who _knows__.md"),
    ],
)
def test_only_a_plain_name_is_kept(sent: str, kept: str) -> None:
    assert safe_file_name(sent) == kept


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_file_name("å" * 400 + ".pdf")
    assert len(name) == LONGEST_NAME
    assert name.endswith("å.pdf")


def test_the_media_type_follows_our_own_list() -> None:
    assert extension_of("A.B.PDF") == "pdf"
    assert media_type_of("a.PDF") == "application/pdf"
    assert media_type_of("a.html") == "application/octet-stream"
    assert media_type_of("none") == "application/octet-stream"
