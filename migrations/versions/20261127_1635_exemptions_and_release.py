"""exemptions and release"""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

revision = "e7ee55646ffa"
down_revision = "bc8503cd117d"
branch_labels = None
depends_on = None

_CHECKS = {
    "public_title": "title_exemption_id IS NOT NULL OR public_title = title",
    "released_is_shared": "released_at IS NULL OR shared_at IS NOT NULL",
    "embargo_of_release": "embargo_until IS NULL OR released_at IS NOT NULL",
}

# The bases that a body of the central government meets, as the acts stood when this was written. Administrators add to
# the list and end what is no longer law; nothing here is changed afterwards.
# key, section, paragraph, what it covers (nb, nn, da, en), forbids access, covers whole documents
_NORWAY = (
    (
        "13-1",
        "13",
        "jf. fvl. § 13 første ledd nr. 1",
        (
            "Taushetsplikt: noens personlige forhold",
            "Teieplikt: personlege tilhøve",
            "Tavshedspligt: nogens personlige forhold",
            "Duty of secrecy: personal matters",
        ),
        True,
        False,
    ),
    (
        "13-2",
        "13",
        "jf. fvl. § 13 første ledd nr. 2",
        (
            "Taushetsplikt: drifts- og forretningsforhold",
            "Teieplikt: drifts- og forretningstilhøve",
            "Tavshedspligt: drifts- og forretningsforhold",
            "Duty of secrecy: business matters",
        ),
        True,
        False,
    ),
    (
        "14-1",
        "14",
        "første ledd",
        (
            "Organets egne dokumenter til intern saksforberedelse",
            "Dokument organet har laga til si eiga interne saksførebuing",
            "Organets egne dokumenter til intern sagsforberedelse",
            "Documents that the body has made for its own internal preparation",
        ),
        False,
        True,
    ),
    (
        "15-1",
        "15",
        "første ledd",
        (
            "Dokumenter hentet inn fra et underordnet organ til intern saksforberedelse",
            "Dokument henta inn frå eit underordna organ til intern saksførebuing",
            "Dokumenter indhentet fra et underordnet organ til intern sagsforberedelse",
            "Documents obtained from a subordinate body for internal preparation",
        ),
        False,
        True,
    ),
    (
        "15-2",
        "15",
        "andre ledd",
        (
            "Innhentede råd og vurderinger av hvordan et organ bør stille seg",
            "Innhenta råd og vurderingar av korleis eit organ bør stille seg",
            "Indhentede råd og vurderinger af, hvordan et organ bør stille sig",
            "Advice and assessments obtained on the position a body should take",
        ),
        False,
        False,
    ),
    (
        "20",
        "20",
        "",
        (
            "Utenrikspolitiske interesser",
            "Utanrikspolitiske interesser",
            "Udenrigspolitiske interesser",
            "Foreign policy interests",
        ),
        False,
        False,
    ),
    (
        "21",
        "21",
        "",
        (
            "Nasjonale forsvars- og sikkerhetsinteresser",
            "Nasjonale forsvars- og tryggingsinteresser",
            "Nationale forsvars- og sikkerhedsinteresser",
            "National defence and security interests",
        ),
        False,
        False,
    ),
    (
        "22",
        "22",
        "",
        (
            "Statlige budsjettsaker",
            "Statlege budsjettsaker",
            "Statslige budgetsager",
            "Matters of the state budget",
        ),
        False,
        False,
    ),
    (
        "23-1",
        "23",
        "første ledd",
        (
            "Økonomi-, lønns- og personalforvaltning, også forhandlingsposisjon",
            "Økonomi-, lønns- og personalforvalting, også forhandlingsposisjon",
            "Økonomi-, løn- og personaleforvaltning, herunder forhandlingsposition",
            "Management of finances, pay and staff, also a position in negotiations",
        ),
        False,
        False,
    ),
    (
        "23-3",
        "23",
        "tredje ledd",
        (
            "Tilbud og protokoll i offentlige anskaffelser, til leverandør er valgt",
            "Tilbod og protokoll i offentlege innkjøp, til leverandør er vald",
            "Tilbud og protokol i offentlige indkøb, indtil leverandør er valgt",
            "Tenders and award records of public procurement, until the supplier is chosen",
        ),
        False,
        False,
    ),
    (
        "23-4",
        "23",
        "fjerde ledd",
        (
            "Selskaper som det offentlige eier og behandler som eier",
            "Selskap som det offentlege eig og handsamar som eigar",
            "Selskaber, som det offentlige ejer og behandler som ejer",
            "Companies that the public sector owns, dealt with as owner",
        ),
        False,
        False,
    ),
    (
        "24-1",
        "24",
        "første ledd",
        (
            "Kontroll- og reguleringstiltak",
            "Kontroll- og reguleringstiltak",
            "Kontrol- og reguleringsforanstaltninger",
            "Inspection and regulation",
        ),
        False,
        False,
    ),
    (
        "24-2",
        "24",
        "andre ledd",
        (
            "Meldinger og tips om lovbrudd",
            "Meldingar og tips om lovbrot",
            "Anmeldelser og tip om lovovertrædelser",
            "Reports of breaches of the law",
        ),
        False,
        False,
    ),
    (
        "24-3",
        "24",
        "tredje ledd",
        (
            "Opplysninger som kan lette straffbare handlinger eller utsette noen for fare",
            "Opplysningar som kan lette straffbare handlingar eller setje nokon i fare",
            "Oplysninger, der kan lette strafbare handlinger eller udsætte nogen for fare",
            "Information that could ease crime or endanger somebody",
        ),
        False,
        False,
    ),
    (
        "25-1",
        "25",
        "første ledd",
        (
            "Sak om tilsetting eller forfremmelse",
            "Sak om tilsetjing eller forfremjing",
            "Sag om ansættelse eller forfremmelse",
            "Appointment or promotion",
        ),
        False,
        True,
    ),
    (
        "26-1",
        "26",
        "første ledd",
        (
            "Eksamenssvar og karakterer",
            "Eksamenssvar og karakterar",
            "Eksamensbesvarelser og karakterer",
            "Examination papers and marks",
        ),
        False,
        False,
    ),
)
_DENMARK = (
    (
        "23",
        "23",
        "",
        ("Interne dokumenter", "Interne dokument", "Interne dokumenter", "Internal documents"),
        False,
        True,
    ),
    (
        "24",
        "24",
        "",
        ("Ministerbetjening", "Arbeid for ein minister", "Ministerbetjening", "Service to a minister"),
        False,
        True,
    ),
    (
        "25",
        "25",
        "",
        (
            "Forhandlinger mellom staten, KL og Danske Regioner",
            "Forhandlingar mellom staten, KL og Danske Regioner",
            "Forhandlinger mellem staten, KL og Danske Regioner",
            "Negotiations between the state, KL and Danish Regions",
        ),
        False,
        True,
    ),
    (
        "27",
        "27",
        "",
        (
            "Andre dokumenter som er unntatt",
            "Andre dokument som er unnatekne",
            "Andre dokumenter, der er undtaget",
            "Other documents that are exempt",
        ),
        False,
        True,
    ),
    (
        "30-1",
        "30",
        "nr. 1",
        (
            "Enkeltpersoners private forhold",
            "Private tilhøve hos enkeltpersonar",
            "Enkeltpersoners private forhold",
            "Private matters of individuals",
        ),
        False,
        False,
    ),
    (
        "30-2",
        "30",
        "nr. 2",
        (
            "Tekniske innretninger, drifts- og forretningsforhold",
            "Tekniske innretningar, drifts- og forretningstilhøve",
            "Tekniske indretninger, drifts- og forretningsforhold",
            "Technical installations and business matters",
        ),
        False,
        False,
    ),
    (
        "31",
        "31",
        "",
        (
            "Statens sikkerhet og rikets forsvar",
            "Tryggleiken til staten og forsvaret av riket",
            "Statens sikkerhed og rigets forsvar",
            "Security of the state and defence of the realm",
        ),
        False,
        False,
    ),
    (
        "32",
        "32",
        "",
        (
            "Utenrikspolitiske interesser",
            "Utanrikspolitiske interesser",
            "Udenrigspolitiske interesser",
            "Foreign policy interests",
        ),
        False,
        False,
    ),
    (
        "33-1",
        "33",
        "nr. 1",
        (
            "Forfølgning av lovbrudd",
            "Forfølging av lovbrot",
            "Forfølgning af lovovertrædelser",
            "Prosecution of offences",
        ),
        False,
        False,
    ),
    (
        "33-3",
        "33",
        "nr. 3",
        (
            "Det offentliges økonomiske interesser",
            "Økonomiske interesser hos det offentlege",
            "Det offentliges økonomiske interesser",
            "Financial interests of the public sector",
        ),
        False,
        False,
    ),
    (
        "33-5",
        "33",
        "nr. 5",
        (
            "Andre interesser der hemmelighold er påkrevd",
            "Andre interesser der hemmeleghald er påkravd",
            "Andre interesser, hvor hemmeligholdelse er påkrævet",
            "Other interests for which secrecy is required",
        ),
        False,
        False,
    ),
    (
        "35",
        "35",
        "",
        (
            "Særlige bestemmelser om taushetsplikt",
            "Særlege føresegner om teieplikt",
            "Særlige bestemmelser om tavshedspligt",
            "Special provisions on secrecy",
        ),
        True,
        False,
    ),
)


def _first_bases():
    rows = []
    for key, section, paragraph, about, is_duty, whole in _NORWAY:
        joint = ", " if paragraph.startswith("jf.") else " "
        short = f"offl. § {section}{joint}{paragraph}".strip()
        printed = {"nb": short, "nn": short, "da": f"norsk {short}", "en": f"Norwegian {short}"}
        rows.append(
            (
                "offl",
                "offentleglova",
                date(2009, 1, 1),
                key,
                section,
                paragraph,
                printed,
                about,
                is_duty,
                whole,
            )
        )
    for key, section, paragraph, about, is_duty, whole in _DENMARK:
        short = f"offentlighedsloven § {section}, {paragraph}".rstrip(", ")
        printed = {"nb": f"dansk {short}", "nn": f"dansk {short}", "da": short, "en": f"Danish {short}"}
        rows.append(
            (
                "dk",
                "offentlighedsloven",
                date(2014, 1, 1),
                key,
                section,
                paragraph,
                printed,
                about,
                is_duty,
                whole,
            )
        )
    return [
        {
            "id": uuid5(NAMESPACE_URL, f"samstyr:legal-basis:{prefix}-{key}"),
            "version": 1,
            "key": f"{prefix}-{key}",
            "law": law,
            "section": section,
            "paragraph": paragraph,
            "position": position,
            "printed": printed,
            "about": dict(zip(("nb", "nn", "da", "en"), about, strict=True)),
            "is_duty": is_duty,
            "whole_document": whole,
            "valid_from": valid_from,
            "valid_to": None,
        }
        for position, (
            prefix,
            law,
            valid_from,
            key,
            section,
            paragraph,
            printed,
            about,
            is_duty,
            whole,
        ) in enumerate(rows, start=1)
    ]


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    bases = op.create_table(
        "legal_basis",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("law", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("paragraph", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("printed", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("is_duty", sa.Boolean(), nullable=False),
        sa.Column("whole_document", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_legal_basis_days_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_basis")),
        sa.UniqueConstraint("key", name=op.f("uq_legal_basis_key")),
    )
    op.create_table(
        "exemption",
        sa.Column("basis_id", sa.Uuid(), nullable=False),
        sa.Column(
            "covers",
            sa.Enum(
                "title",
                "document",
                "part",
                "attachment",
                name="covers",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("considered_wider_access", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("public_text", sa.String(), nullable=False),
        sa.Column("redacted_sha256", sa.String(length=64), nullable=True),
        sa.Column("redacted_name", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= decided_at", name=op.f("ck_exemption_ended_after")
        ),
        sa.ForeignKeyConstraint(
            ["basis_id"], ["legal_basis.id"], name=op.f("fk_exemption_basis_id_legal_basis")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_exemption_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["user_account.id"], name=op.f("fk_exemption_ended_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["redacted_sha256"], ["blob.sha256"], name=op.f("fk_exemption_redacted_sha256_blob")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exemption_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_exemption_id_exemption"), "exemption", ["exemption_id"], ["id"]
        )

    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exemption_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_presentation_exemption_id_exemption"), "exemption", ["exemption_id"], ["id"]
        )

    with op.batch_alter_table("presentation_part", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exemption_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_presentation_part_exemption_id_exemption"), "exemption", ["exemption_id"], ["id"]
        )

    with op.batch_alter_table("treatment", schema=None) as batch_op:
        # Empty for now: what is there already is given its public title below.
        batch_op.add_column(sa.Column("public_title", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("folded_public_title", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("title_exemption_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("released_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE treatment SET public_title = title, folded_public_title = folded_title")
    with op.batch_alter_table("treatment", schema=None) as batch_op:
        batch_op.alter_column("public_title", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("folded_public_title", existing_type=sa.String(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_treatment_released_by_user_account"), "user_account", ["released_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_treatment_title_exemption_id_exemption"),
            "exemption",
            ["title_exemption_id"],
            ["id"],
        )
        for name, condition in _CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_treatment_{name}"), condition)
    op.bulk_insert(bases, _first_bases())


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("treatment", schema=None) as batch_op:
        for name in _CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_treatment_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_treatment_title_exemption_id_exemption"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_treatment_released_by_user_account"), type_="foreignkey")
        batch_op.drop_column("embargo_until")
        batch_op.drop_column("released_by")
        batch_op.drop_column("released_at")
        batch_op.drop_column("title_exemption_id")
        batch_op.drop_column("folded_public_title")
        batch_op.drop_column("public_title")

    with op.batch_alter_table("presentation_part", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_presentation_part_exemption_id_exemption"), type_="foreignkey"
        )
        batch_op.drop_column("exemption_id")

    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_presentation_exemption_id_exemption"), type_="foreignkey")
        batch_op.drop_column("exemption_id")

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attachment_exemption_id_exemption"), type_="foreignkey")
        batch_op.drop_column("exemption_id")

    op.drop_table("exemption")
    op.drop_table("legal_basis")
    # ### end Alembic commands ###
