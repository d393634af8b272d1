"""A case presentation as JSON and back."""

import json

import pytest

from app.documents.json_export import FORMAT, MalformedPaper, from_json, to_json
from app.kernel.language import Language
from tests.factories.papers import corrected_content, empty_content, full_content, long_content

SMALL = {"format": FORMAT, "language": "nb", "forum": "Skate", "title": "Sak"}


@pytest.mark.parametrize(
    "content",
    [full_content(Language.NB), corrected_content(Language.NN), empty_content(Language.DA), long_content(4)],
)
def test_a_paper_survives_the_export(content):
    assert from_json(json.loads(json.dumps(to_json(content)))) == content


def test_what_is_absent_is_empty():
    content = from_json(SMALL)
    assert (content.title, content.parts, content.number, content.revision) == ("Sak", (), "", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "samstyr.case-presentation/2"},
        {"language": "sv"},
        {"title": " "},
        {"title": 5},
        {"colour": "blue"},
        {"meeting_date": "13.6.2019"},
        {"revision": "3"},
        {"parts": {}},
        {"parts": [{"key": "a", "kind": "poem", "heading": "x"}]},
        {"parts": [{"key": "a", "kind": "section", "heading": "x", "body": [{"type": "html"}]}]},
        {"parts": [{"key": "", "kind": "section"}]},
        {"attachments": [{"number": True, "title": "x"}]},
        {"wording": {"unknown": "x"}},
        {"wording": []},
        {"corrections": [{"number": 1, "reason": "x"}]},
    ],
)
def test_what_is_no_paper_is_refused(change):
    with pytest.raises(MalformedPaper):
        from_json({**SMALL, **change})
    with pytest.raises(MalformedPaper):
        from_json([])
