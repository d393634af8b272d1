"""Two editors in every order of opening, writing and saving: nothing is overwritten silently, and no word is lost."""

import random
import threading
from datetime import timedelta

from sqlalchemy import select, update

from app.access.actor import Actor
from app.access.roles import Role
from app.cases.models import PresentationPart, Treatment
from app.cases.queries.earlier import began_from
from app.cases.queries.editing import edit_view
from app.cases.service.earlier import forget_earlier
from app.cases.service.parts import add_part, move_part, save_part
from app.cases.service.rich_text import set_texts, texts_of
from app.documents.case_presentation import PartKind
from app.documents.richtext.markdown_reader import parse_markdown
from app.documents.richtext.markdown_writer import to_markdown
from app.kernel.differences import merge, merge_without_base
from app.kernel.errors import Conflict
from app.kernel.language import Language
from app.platform.clock import utc_now
from app.platform.db import Database
from tests.factories.cases import make_case, parts_of
from tests.factories.forums import actor_with, make_forum

INTERLEAVINGS = 200
STEPS = 9
ROUNDS = 12


def stored(database: Database, part_id) -> tuple[int, str]:
    with database.reading() as db:
        part = db.get_one(PresentationPart, part_id)
        return part.version, to_markdown(texts_of(part)[1])


class Editor:
    """Somebody with the editor open: what they see, the version they saw, and every word they have written."""

    def __init__(self, database: Database, actor: Actor, part_id, name: str) -> None:
        self.database, self.actor, self.part_id, self.name = database, actor, part_id, name
        self.version, self.text = stored(database, part_id)
        self.words: list[str] = []
        self.acknowledged: set[str] = set()
        self.merged = 0

    def write(self, chance: random.Random) -> None:
        word = f"{self.name}{len(self.words)}"
        self.words.append(word)
        lines = self.text.split("\n\n") if self.text else []
        if lines and chance.random() < 0.5:
            place = chance.randrange(len(lines))
            lines[place] += f" {word}"
        else:
            lines.insert(chance.randint(0, len(lines)), word)
        self.text = "\n\n".join(lines)

    def save(self) -> None:
        """As the pages do: a stale save is refused, both texts are merged, and the merged text is saved."""
        while True:
            try:
                with self.database.writing() as db:
                    part = save_part(
                        db,
                        self.actor,
                        self.part_id,
                        version=self.version,
                        heading="Bakgrunn",
                        body_markdown=self.text,
                    )
                    self.version, self.text = part.version, to_markdown(texts_of(part)[1])
                self.acknowledged.update(self.words)
                return
            except Conflict:
                self.merge()

    def merge(self) -> None:
        self.merged += 1
        now, theirs = stored(self.database, self.part_id)
        with self.database.reading() as db:
            began = began_from(db, self.part_id, self.version)
        found = (
            merge(began.fields["body"][0], self.text, theirs)
            if began and began.fields
            else merge_without_base(self.text, theirs)
        )
        self.version, self.text = now, found.text


class Careless(Editor):
    """The twin: it looks at no version, as an UPDATE without it in its WHERE."""

    def save(self) -> None:
        with self.database.writing() as db:
            part = db.get_one(PresentationPart, self.part_id)
            set_texts(part, Language.NB, lead_in=(), body=parse_markdown(self.text), closing=())
        self.acknowledged.update(self.words)


def make_part(database: Database):
    with database.writing() as db:
        forum = make_forum(db)
        treatment = make_case(db, forum)
        part = next(part for part in parts_of(db, treatment) if part.kind is PartKind.SECTION)
    return forum, treatment, part.id


def play(database, kind, number, *, forum, part_id) -> tuple[int, int]:
    """One interleaving; returns how many acknowledged words were overwritten, and how many conflicts were merged."""
    chance = random.Random(number)
    editors = [
        kind(database, actor_with(forum, Role.SECRETARY), part_id, f"{name}{number}x") for name in "ab"
    ]
    for _ in range(STEPS):
        one = chance.choice(editors)
        chance.choice((one.write, one.write, lambda _chance, save=one.save: save()))(chance)
    for one in chance.sample(editors, 2):
        one.write(chance)
        one.save()
    words = set(stored(database, part_id)[1].split())
    overwritten = sum(word not in words for one in editors for word in one.acknowledged)
    assert all(set(one.words) == one.acknowledged for one in editors)
    return overwritten, sum(one.merged for one in editors)


def empty(database, part_id) -> None:
    """Begin anew with an empty text, so that texts do not grow from one interleaving to the next."""
    with database.writing() as db:
        part = db.get_one(PresentationPart, part_id)
        set_texts(part, Language.NB, lead_in=(), body=(), closing=())
        part.version += 1


def test_200_interleavings_overwrite_nothing(database: Database) -> None:
    forum, _, part_id = make_part(database)
    overwritten = conflicts = 0
    for number in range(INTERLEAVINGS):
        lost, merged = play(database, Editor, number, forum=forum, part_id=part_id)
        overwritten, conflicts = overwritten + lost, conflicts + merged
        empty(database, part_id)
    print(
        f"two editors: {INTERLEAVINGS} interleavings, {conflicts} conflicts merged, "
        f"silent overwrites {overwritten}, texts lost {overwritten}"
    )
    assert overwritten == 0
    assert conflicts > INTERLEAVINGS // 2


def test_without_the_version_the_same_interleavings_do_overwrite(sqlite_empty: Database) -> None:
    forum, _, part_id = make_part(sqlite_empty)
    overwritten = 0
    for number in range(20):
        overwritten += play(sqlite_empty, Careless, number, forum=forum, part_id=part_id)[0]
        empty(sqlite_empty, part_id)
    assert overwritten > 0


def test_two_editors_who_save_in_the_same_moment(database: Database) -> None:
    """In threads of their own, so that the two transactions really meet: the lock and the version decide."""
    forum, _, part_id = make_part(database)
    editors = [Editor(database, actor_with(forum, Role.SECRETARY), part_id, name) for name in ("x", "y")]
    together = threading.Barrier(2, timeout=60)
    failures: list[BaseException] = []

    def work(one: Editor, seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(ROUNDS):
                one.write(chance)
                together.wait()
                one.save()
        except BaseException as error:
            failures.append(error)
            together.abort()

    threads = [threading.Thread(target=work, args=(one, seed)) for seed, one in enumerate(editors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    version, text = stored(database, part_id)
    lost = [word for one in editors for word in one.words if word not in text.split()]
    print(
        f"two editors at once: {2 * ROUNDS} saves, {sum(e.merged for e in editors)} conflicts, lost {len(lost)}"
    )
    assert lost == []
    assert version == 1 + 2 * ROUNDS


def test_different_sections_never_disturb_each_other(database: Database) -> None:
    """While one writes in a part, others save other parts, add, move and remove some, and the facts stay savable."""
    forum, treatment, part_id = make_part(database)
    actor = actor_with(forum, Role.SECRETARY)
    writer = Editor(database, actor, part_id, "w")
    with database.reading() as db:
        before = db.scalar(select(Treatment.version).where(Treatment.id == treatment.id))
        others = [part for part in edit_view(db, actor, treatment.id).parts if part.id != part_id]
    with database.writing() as db:
        for part in others:
            save_part(db, actor, part.id, version=part.version, heading=part.heading, body_markdown="- noe")
        added = add_part(db, actor, treatment.id, kind=PartKind.SECTION, heading="Ny del")
        move_part(db, actor, added.id, direction="up")
        move_part(db, actor, part_id, direction="down")
    writer.write(random.Random(1))
    writer.save()
    assert writer.merged == 0
    with database.reading() as db:
        assert db.scalar(select(Treatment.version).where(Treatment.id == treatment.id)) == before


def test_the_memory_of_earlier_texts_says_when_it_does_not_know(database: Database) -> None:
    forum, _, part_id = make_part(database)
    writer = Editor(database, actor_with(forum, Role.SECRETARY), part_id, "w")
    chance = random.Random(1)
    for _ in range(3):
        writer.write(chance)
        writer.save()
    with database.writing() as db:
        assert began_from(db, part_id, 1).fields["body"] == [""]
        assert began_from(db, part_id, 3).fields["body"][0].count("w") == 2
        assert forget_earlier(db, utc_now() + timedelta(days=1)) > 0
        assert forget_earlier(db, utc_now() + timedelta(days=1)) == 0  # what is empty is not written again
        assert began_from(db, part_id, 1) is None
        # Changed by something that remembers nothing: the version is beyond what is remembered.
        db.execute(update(PresentationPart).where(PresentationPart.id == part_id).values(version=9))
        assert began_from(db, part_id, 0) is None
