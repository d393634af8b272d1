"""The configured providers of single sign-on. Cheap to make: what speaks to them is loaded when somebody wants to."""

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.kernel.errors import NotFound
from app.platform.settings_oidc import OidcSettings

if TYPE_CHECKING:
    from app.identity.oidc.provider import Provider


class Providers:
    """Providers by the short names that the operator gave them."""

    def __init__(self, settings: Mapping[str, OidcSettings]) -> None:
        self._settings = settings
        self._made: dict[str, Provider] = {}
        self._lock = threading.Lock()

    @property
    def offered(self) -> Sequence[tuple[str, str]]:
        """(short name, what people know it as), in the order of the settings."""
        return [(key, one.name) for key, one in self._settings.items()]

    def name(self, key: str) -> str:
        """What people know a provider as; its short name when it is not configured any more."""
        return self._settings[key].name if key in self._settings else key

    def get(self, key: str) -> "Provider":
        """The provider at work.

        :raise NotFound: when none is configured under this name.
        """
        if key not in self._settings:
            raise NotFound
        from app.identity.oidc.provider import Provider

        with self._lock:
            if key not in self._made:
                self._made[key] = Provider(self._settings[key])
            return self._made[key]
