"""The suite reaches no other machine, and neither does the product while it is tested."""

import socket
import urllib.request

import pytest

ELSEWHERE = [
    (socket.AF_INET, ("192.0.2.1", 80)),  # an address for examples, where nobody is
    (socket.AF_INET6, ("2001:db8::1", 443, 0, 0)),
    (socket.AF_INET, ("example.org", 80)),
]


@pytest.mark.parametrize(("family", "address"), ELSEWHERE)
def test_no_other_machine_is_reached(family: int, address: tuple[str, int]) -> None:
    with socket.socket(family) as outgoing, pytest.raises(RuntimeError, match="tried to reach"):
        outgoing.connect(address)


def test_no_name_is_looked_up() -> None:
    with pytest.raises(RuntimeError, match="tried to"):
        urllib.request.urlopen("http://example.org/", timeout=1)


def test_this_machine_is_reached() -> None:
    with socket.socket() as server, socket.socket() as outgoing:
        server.bind(("127.0.0.1", 0))
        server.listen()
        outgoing.connect(server.getsockname())
