"""The routes of cases, in the order in which addresses are matched."""

from app.web.cases import (
    agenda,
    attachments,
    correct,
    create,
    edit,
    exemptions,
    export,
    import_paper,
    lists,
    numbers,
    parts,
    paste,
    preview,
    refer,
    release,
    show,
    steps,
    unplaced,
)

all_case_pages = (
    lists.pages,
    create.pages,  # /cases/new, before a case by its id
    show.pages,
    edit.pages,
    parts.pages,
    attachments.pages,
    steps.pages,
    exemptions.pages,
    release.pages,
    agenda.pages,
    refer.pages,
    numbers.pages,
    correct.pages,
    unplaced.pages,
    import_paper.pages,
    export.pages,
    preview.pages,
    paste.pages,
)
