"""Reading legal bases, and what is told about an exemption beside the thing that it withholds."""

from app.exemptions.queries.bases import (
    BasisLine,
    all_bases,
    basis_by_key,
    get_basis,
    last_position,
    valid_bases,
)
from app.exemptions.queries.views import ExemptionColumns, ExemptionView, distinct_grounds

__all__ = [
    "BasisLine",
    "ExemptionColumns",
    "ExemptionView",
    "all_bases",
    "basis_by_key",
    "distinct_grounds",
    "get_basis",
    "last_position",
    "valid_bases",
]
