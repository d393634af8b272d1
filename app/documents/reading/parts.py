"""From the pieces under a heading to a part of the content."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.documents.case_presentation import Part, PartKind
from app.documents.reading.outline import Piece, build_tree
from app.documents.reading.vocabulary import INPUT, PROPOSAL, QUESTIONS, Vocabulary
from app.documents.richtext.blocks import BulletList, NumberedList, Paragraph, Text, Tree

_KINDS: Final = {PROPOSAL: PartKind.PROPOSAL, QUESTIONS: PartKind.QUESTIONS, INPUT: PartKind.INPUT}
_LONGEST_PARTY: Final = 80


@dataclass(slots=True)
class Draft:
    """A part that is still being read."""

    key: str
    role: str
    heading: str
    party: str = ""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def kind(self) -> PartKind:
        return _KINDS.get(self.role, PartKind.SECTION)


def finish_part(draft: Draft, width: int, words: Vocabulary) -> Part:
    """The part with lead-in, points and closing told apart where its kind has them."""
    tree = build_tree(draft.pieces, width)
    if draft.kind is PartKind.SECTION:
        return Part(draft.key, draft.kind, draft.heading, body=tree)
    lead_in, body, closing = _around_the_points(tree, words)
    party = draft.party
    if draft.kind is PartKind.PROPOSAL and not party:
        party = addressee(_words(lead_in or body), words)
    return Part(
        draft.key, draft.kind, draft.heading, body=body, lead_in=lead_in, closing=closing, party=party
    )


def _around_the_points(tree: Tree, words: Vocabulary) -> tuple[Tree, Tree, Tree]:
    """Everything from the first list to the last is the points. Without lists, a first line that points ahead leads in."""
    lists = [index for index, block in enumerate(tree) if isinstance(block, BulletList | NumberedList)]
    if lists:
        return tree[: lists[0]], tree[lists[0] : lists[-1] + 1], tree[lists[-1] + 1 :]
    first = _words(tree[:1])
    if len(tree) > 1 and (first.endswith(":") or _last_word(first) in words.lead_ends):
        return tree[:1], tree[1:], ()
    return (), tree, ()


def _last_word(text: str) -> str:
    return text.rsplit(" ", 1)[-1].casefold()


def _words(tree: Sequence[object]) -> str:
    for block in tree:
        if isinstance(block, Paragraph):
            return "".join(run.text for run in block.runs if isinstance(run, Text))
    return ""


def addressee(sentence: str, words: Vocabulary) -> str:
    """Who is asked to do something: "Difi oppfordres til å …", "Rådet ber Difi om å …". Empty when it is not said."""
    sentence = " ".join(sentence[:300].split())
    folded = f" {sentence.casefold()} "
    for phrase in sorted(words.addressee_before):
        place = folded.find(f" {phrase} ") - 1
        if 0 < place <= _LONGEST_PARTY and sentence[0].isupper() and "." not in sentence[:place]:
            return sentence[: place + 1].strip()
    for verb, then in sorted(words.addressee_between, key=lambda pair: -len(pair[1])):
        start = folded.find(f" {verb} ")
        if start < 0:
            continue
        end = folded.find(f" {then} ", start + len(verb) + 1)
        party = sentence[start + len(verb) + 1 : end].strip() if end > 0 else ""
        if 0 < len(party) <= _LONGEST_PARTY and not set(party) & set(".,:;"):
            return party
    return ""
