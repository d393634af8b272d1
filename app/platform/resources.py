"""Where the files that are not Python lie: beside ``app`` in a checkout, inside it in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource_dir(name: str) -> Path:
    """The folder ``templates``, ``docx_templates``, ``migrations`` or ``locale``.

    :raise FileNotFoundError: when the installation is incomplete.
    """
    for folder in (_PACKAGE / "resources" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the installation lacks its folder {name}")
