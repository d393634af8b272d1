"""Settings: environment variables named ``SAMSTYR_*``, read once."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator decides. Every value has a default that is safe on one machine."""

    model_config = SettingsConfigDict(env_prefix="SAMSTYR_", extra="ignore", frozen=True)

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

    @property
    def resolved_database_url(self) -> str:
        """The database to use: the one given, else an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'samstyr.db'}"

    @property
    def secure_cookies(self) -> bool:
        """Whether the browser reaches us over TLS, so that cookies may demand it."""
        return self.public_origin.startswith("https://")
