"""Settings: environment variables named ``SAMSTYR_*``, read once."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.platform.settings_oidc import OidcSettings, provider_key_fault


class Settings(BaseSettings):
    """What an operator decides. Every value has a default that is safe on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="SAMSTYR_", env_nested_delimiter="__", extra="ignore", frozen=True
    )

    data_dir: Path = Path("var")
    database_url: str = ""
    public_origin: str = Field(
        default="", description="https://samstyr.example.no; trusted for links and for Origin"
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=16)
    threads: int = Field(
        default=4, ge=1, le=40, description="requests at work at the same time in one worker"
    )
    forwarded_allow_ips: str = "127.0.0.1"
    log_json: bool = False
    session_idle_minutes: int = Field(default=60, ge=5)
    session_hours: int = Field(default=12, ge=1)
    invite_hours: int = Field(default=24, ge=1)
    max_upload_mb: int = Field(default=50, ge=1, le=2000)
    scanner: str = Field(
        default="", description="clamd://host:3310 or clamd:///run/clamav/clamd.ctl; empty for no virus scan"
    )
    shutdown_seconds: int = Field(default=3, ge=1)
    jobs: Literal["thread", "off"] = Field(
        default="thread", description="whether serving processes do jobs too; off with samstyr worker"
    )

    postgres_bin: str = Field(
        default="", description="the folder of pg_dump and pg_restore; else those that fit"
    )
    min_free_mb: int = Field(default=200, ge=0, description="free disk below which /readyz says so")
    late_job_minutes: int = Field(
        default=10, ge=1, description="how long a job may be due before /readyz says so"
    )
    orphan_days: int = Field(default=7, ge=1, description="age at which a file that nothing names is removed")
    oidc: dict[str, OidcSettings] = Field(
        default={}, description="providers of single sign-on, by a short name"
    )
    require_totp: Literal["none", "admins", "all"] = Field(
        default="none", description="whose log-ins with a password need a code from an app as well"
    )

    @field_validator("public_origin")
    @classmethod
    def _origin_only(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and (value.count("/") != 2 or not value.startswith(("http://", "https://"))):
            raise ValueError("must look like https://samstyr.example.no")
        return value

    @field_validator("scanner")
    @classmethod
    def _known_scanner(cls, value: str) -> str:
        parts = urlsplit(value)
        is_place = bool(parts.path) if not parts.hostname else parts.port is not None
        if value and (parts.scheme != "clamd" or not is_place):
            raise ValueError("must look like clamd://host:3310 or clamd:///run/clamav/clamd.ctl")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("oidc")
    @classmethod
    def _usable_names(cls, value: dict[str, OidcSettings]) -> dict[str, OidcSettings]:
        for key in value:
            if fault := provider_key_fault(key):
                raise ValueError(fault)
        return value

    @model_validator(mode="after")
    def _providers_know_the_way_back(self) -> "Settings":
        if self.oidc and not self.public_origin:
            # The way back stands in every request to a provider, and must never come from a Host header.
            raise ValueError(
                "SAMSTYR_OIDC__… needs SAMSTYR_PUBLIC_ORIGIN, which providers send people back to"
            )
        return self

    @property
    def resolved_database_url(self) -> str:
        """The database to use: the one given, else an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'samstyr.db'}"

    @property
    def origin(self) -> str:
        """Where browsers reach us, for links; never from a request, whose Host header is whatever the sender wrote."""
        return self.public_origin or f"http://{self.host}:{self.port}"

    @property
    def secure_cookies(self) -> bool:
        """Whether the browser reaches us over TLS, so that cookies may demand it."""
        return self.public_origin.startswith("https://")
