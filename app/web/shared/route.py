"""What the register of routes says of each."""

from dataclasses import dataclass

from app.web.shared.visit import Access


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the register of routes."""

    method: str
    path: str
    name: str
    access: Access
