"""Somebody who uses the pages as they are offered: opens them, fills in their forms and goes where they lead."""

from typing import Any

import lxml.html
from fastapi.testclient import TestClient


class Reader:
    """A browser without scripts. Only forms that a page holds can be sent, and only with fields that they have."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.address = ""
        self.page: Any = None

    def open(self, address: str) -> "Reader":
        """Go to a page, through redirects; it must be there."""
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        return self._read(answer)

    def status(self, address: str) -> int:
        """What an address answers, without going there."""
        return self.client.get(address).status_code

    def link(self, text: str) -> str:
        """Where the link with this text leads."""
        found = [link.get("href") for link in self.page.iter("a") if _words(link) == text]
        assert found, f"no link “{text}” on {self.address}: {[_words(link) for link in self.page.iter('a')]}"
        return str(found[0])

    def follow(self, text: str) -> "Reader":
        """Click a link."""
        return self.open(self.link(text))

    def follow_to(self, address: str) -> "Reader":
        """Click a link by where it leads; the page must have one."""
        assert any(link.get("href") == address for link in self.page.iter("a")), f"no link to {address}"
        return self.open(address)

    def send(self, button: str, files: Any = None, near: str = "", **values: str) -> "Reader":
        """Fill in the form that has this button and send it. In a choice, the visible words are chosen.

        :param near: a text in the part of the page where the form stands, when there are several such buttons.
        """
        form = self.form(button, near)
        for name, value in values.items():
            field = form.inputs[name]
            form.fields[name] = _choice(field, value) if getattr(field, "tag", "") == "select" else value
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        answer = self.client.post(form.action or self.address, data=data, files=files, follow_redirects=True)
        assert answer.status_code == 200, f"{button}: {answer.status_code} {self.errors(answer.text)}"
        return self._read(answer)

    def errors(self, text: str) -> list[str]:
        """What a refused form says."""
        return [_words(item) for item in lxml.html.fromstring(text).xpath("//*[@data-error-summary]//li")]

    @property
    def text(self) -> str:
        """The words of the page's content."""
        return _words(self.page.get_element_by_id("main"))

    def form(self, button: str, near: str) -> Any:
        for form in self.page.forms:
            buttons = [_words(each) for each in form.iter("button")]
            place = form.getparent()
            if button in buttons and (not near or near in _words(place)):
                return form
        raise AssertionError(f"no form with the button “{button}” on {self.address}")

    def _read(self, answer: Any) -> "Reader":
        self.address = str(answer.url)
        self.page = lxml.html.fromstring(answer.text)
        return self


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def _choice(field: Any, words: str) -> str:
    found = [option.get("value") for option in field.iter("option") if words in _words(option)]
    assert len(found) == 1, f"“{words}” stands for {found} in {field.get('name')}"
    return str(found[0])
