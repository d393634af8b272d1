"""What no form of ours would send: texts, numbers, dates and bytes that have broken programs."""

from uuid import uuid4

from hypothesis import strategies as st

from tests.support.house import HOSTILE

NUMBERS = (
    "-1",
    "0",
    "2147483648",
    "9223372036854775808",
    "1e999",
    "NaN",
    "٣",
    "1.5",
    " 1",
    "0x10",
    "1" * 400,
)
DATES = (
    "31.2.2020",
    "2020-02-31",
    "0000-00-00",
    "9999-12-31",
    "1.1.10000",
    "01/02/03",
    "24:00",
    "25.61",
    "-1:5",
)
IDS = (
    str(uuid4()),
    "not-an-id",
    "00000000-0000-0000-0000-000000000000",
    "{" + str(uuid4()) + "}",
    "'",
    "../..",
)
TEXTS = (
    *HOSTILE,
    "",
    " ",
    "\r\n\r\n",
    "x" * 501,
    "x" * 200_001,
    "\ud800",
    "\udfff\ud800",
    "\x00",
    "\u2028\u2029\ufeff",
    "%s%n%d {0} {x.__class__} ${7*7} #{7*7}",
    "[[" * 400,
    "> " * 400,
    "- \n" * 200,
    "|a|b|\n|-|-|\n" * 50,
    "![](javascript:alert(1)) <http://[> [x]: <\n",
)

values = st.one_of(
    st.sampled_from((*NUMBERS, *DATES, *IDS, *TEXTS)),
    st.text(st.characters(codec=None, exclude_categories=()), max_size=40),
)
"""One value of a field, a query or a path."""

names = st.one_of(
    st.sampled_from(
        ("", "version", "idempotency_key", "a[b][c]", "a.b.c", "__proto__", "x" * 3000, "[]", "\x00")
    ),
    st.text(max_size=10),
)
"""The name of a field that nobody asked for."""

bodies = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        (
            b"%ff%fe=%00&%",
            b"a=%zz&&&=&=",
            b"\xff\xfe\x00",
            b"&" * 5000,
            b"a=1&" * 3000,
            b"--x\r\n\r\n\r\n--x--",
            b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n',
            b'--x\r\nContent-Disposition: form-data; name="version"; filename="a"\r\n\r\n1\r\n--x--\r\n',
            b'--x\r\nContent-Disposition: form-data; name="title"\r\nContent-Type: text/plain; charset=utf-7'
            b"\r\n\r\n+ADw-\r\n--x--\r\n",
        )
    ),
)
"""The body of a request, as it comes."""

content_types = st.sampled_from(
    (
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=",
        "multipart/form-data",
        "application/json",
        "text/plain",
        "",
        "\xff/\xfe",
    )
)
