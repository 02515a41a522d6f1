"""What an operator may set, read from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from db.enums import DocumentMode, SignatureAlgorithm
from db.keys import KeyRing, KeysError, Purpose, parse_keys
from gateway.environment import Environment, SettingsError
from permissions.edges import Policy

STATION_MAX = 2**22 - 1  # id sequences begin at station << 40 and must fit 63 bits
CHONGQING = 50
MAJORS = ("16", "18")
HTTP = ("https", "http")
REGISTER = "https://user:password@register.example.org/check"
BUCKET = "https://key:secret@storage.example.org/bucket?region=us-east-1"
ON_OFF = ("on", "off")
SMS = "https://user:password@sms.example.org/send"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Mode(StrEnum):
    """Where the station runs; production refuses what is only convenient."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may cost before and while it runs."""

    document_bytes: int = 64 * 1024
    variables_bytes: int = 8 * 1024 * 1024
    document_tokens: int = 4_000
    depth: int = 15
    page_size: int = 100
    nodes: int = 100
    file_bytes: int = 10 * 1024 * 1024
    statement_timeout: timedelta = timedelta(seconds=10)
    request_timeout: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssuer:
    """Another party whose tokens are taken, known by its published keys."""

    jwks_url: str
    issuer: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one station."""

    mode: Mode = Mode.DEVELOPMENT
    data_dir: Path = Path(".data")
    database_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    postgres_major: Literal[16, 18] = 18
    host: str = "127.0.0.1"
    port: int = 8000
    station: int = CHONGQING
    national_host: str = "national.localhost"
    station_hosts: tuple[tuple[int, str], ...] = ((CHONGQING, "cq.localhost"),)
    pool_size: int = 10
    pool_wait: timedelta = timedelta(seconds=2)
    access_token_lifetime: timedelta = timedelta(minutes=15)
    refresh_token_lifetime: timedelta = timedelta(days=30)
    token_issuer: TokenIssuer | None = None
    population_url: str | None = field(default=None, repr=False)
    legal_entity_url: str | None = field(default=None, repr=False)
    files_url: str | None = field(default=None, repr=False)
    sms_url: str | None = field(default=None, repr=False)
    public_url: str | None = None
    certificate_signature: SignatureAlgorithm = SignatureAlgorithm.ED25519
    limits: Limits = field(default_factory=Limits)
    document_mode: DocumentMode = DocumentMode.OPEN
    policy: Policy = field(default_factory=Policy)
    log_level: str = "INFO"
    keys_dir: Path | None = None
    supplied_keys: KeyRing | None = field(default=None, repr=False)

    @property
    def is_production(self) -> bool:
        """Whether only what is safe in public is allowed."""
        return self.mode is Mode.PRODUCTION

    @property
    def station_address(self) -> str:
        """Where people reach the station's pages; a QR code leads there for years."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        host = dict(self.station_hosts).get(self.station, self.national_host)
        return f"https://{host}" if self.is_production else f"http://{host}:{self.port}"

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] | None = None) -> Self:
        """The settings; fails with the name of the malformed or missing variable."""
        read = Environment(os.environ if variables is None else variables)
        default = cls()
        return cls(
            mode=Mode(read.choice("ENVIRONMENT", default.mode, among=tuple(Mode))),
            data_dir=read.path("DATA_DIR") or default.data_dir,
            database_url=read.url(
                "DATABASE_URL",
                schemes=("postgresql", "postgres", "postgresql+asyncpg"),
                example="postgresql://user:password@host:5432/database",
            ),
            redis_url=read.url(
                "REDIS_URL", schemes=("redis", "rediss"), example="redis://:password@host:6379/0"
            ),
            postgres_major=16 if read.choice("POSTGRES_MAJOR", "18", among=MAJORS) == "16" else 18,
            host=read.text("HOST") or default.host,
            port=read.number("PORT", default.port, most=65_535),
            station=read.number("STATION", default.station, least=0, most=STATION_MAX),
            national_host=read.host("NATIONAL_HOST", default.national_host),
            station_hosts=read.numbered_hosts("STATION_HOSTS", default.station_hosts),
            pool_size=read.number("POOL_SIZE", default.pool_size, most=1_000),
            pool_wait=read.duration("POOL_WAIT", default.pool_wait),
            access_token_lifetime=read.duration(
                "ACCESS_TOKEN_LIFETIME", default.access_token_lifetime
            ),
            refresh_token_lifetime=read.duration(
                "REFRESH_TOKEN_LIFETIME", default.refresh_token_lifetime
            ),
            token_issuer=_read_issuer(read),
            population_url=read.url("POPULATION_URL", schemes=HTTP, example=REGISTER),
            legal_entity_url=read.url("LEGAL_ENTITY_URL", schemes=HTTP, example=REGISTER),
            files_url=_read_bucket(read),
            sms_url=read.url("SMS_URL", schemes=HTTP, example=SMS),
            public_url=read.url("PUBLIC_URL", schemes=HTTP, example="https://cq.example.org"),
            certificate_signature=SignatureAlgorithm(
                read.choice(
                    "CERTIFICATE_SIGNATURE",
                    default.certificate_signature,
                    among=tuple(SignatureAlgorithm),
                )
            ),
            limits=_read_limits(read, default.limits),
            document_mode=_read_document_mode(read),
            policy=Policy(quick_review=read.choice("QUICK_REVIEW", "on", among=ON_OFF) == "on"),
            log_level=read.choice("LOG_LEVEL", default.log_level, among=LOG_LEVELS),
            keys_dir=read.path("KEYS_DIR"),
            supplied_keys=_read_keys(read),
        )


def load_keys(settings: Settings) -> KeyRing:
    """The station's keys: those supplied, else those of the data folder, made if missing."""
    if settings.supplied_keys and settings.keys_dir:
        raise SettingsError("Set either KEYS_DIR or the variables KEY_TOKEN and so on, not both.")
    supplied = settings.supplied_keys
    try:
        if settings.keys_dir:
            supplied = KeyRing.load(settings.keys_dir)
        if supplied:
            supplied.require_complete()
            if settings.is_production:
                supplied.require_supplied()
            return supplied
        if settings.is_production:
            raise SettingsError(
                "In production the keys are supplied: set KEYS_DIR, or "
                + ", ".join(_variable_of(purpose) for purpose in Purpose)
                + "."
            )
        return KeyRing.open(settings.data_dir / "keys")
    except KeysError as error:
        where = f"KEYS_DIR: {error}" if settings.keys_dir else f"Keys: {error}"
        raise SettingsError(where) from error


def _read_limits(read: Environment, default: Limits) -> Limits:
    return Limits(
        document_bytes=read.number("DOCUMENT_BYTES_MAX", default.document_bytes, most=2**30),
        variables_bytes=read.number("VARIABLES_BYTES_MAX", default.variables_bytes, most=2**30),
        document_tokens=read.number("DOCUMENT_TOKENS_MAX", default.document_tokens, most=10**6),
        depth=read.number("DEPTH_MAX", default.depth, most=1_000),
        page_size=read.number("PAGE_SIZE_MAX", default.page_size, most=1_000),
        nodes=read.number("NODES_MAX", default.nodes, most=1_000),
        file_bytes=read.number("FILE_BYTES_MAX", default.file_bytes, most=2**30),
        statement_timeout=read.duration("STATEMENT_TIMEOUT", default.statement_timeout),
        request_timeout=read.duration("REQUEST_TIMEOUT", default.request_timeout),
    )


def _read_bucket(read: Environment) -> str | None:
    """The address of a bucket with the key to it."""
    url = read.url("FILES_URL", schemes=HTTP, example=BUCKET)
    parts = urlsplit(url or BUCKET)
    if not (parts.username and parts.password and parts.path.strip("/")):
        raise SettingsError(f"FILES_URL must be an address such as {BUCKET}.")
    return url


def _read_document_mode(read: Environment) -> DocumentMode:
    """How strictly every client is held to registered documents, unless it is held more so."""
    names = {mode.value.lower().replace("_", "-"): mode for mode in DocumentMode}
    production = read.choice("ENVIRONMENT", Mode.DEVELOPMENT, among=tuple(Mode)) == Mode.PRODUCTION
    default = "safelist" if production else "open"
    return names[read.choice("DOCUMENT_MODE", default, among=tuple(names))]


def _read_issuer(read: Environment) -> TokenIssuer | None:
    jwks_url = read.url("JWKS_URL", schemes=HTTP, example="https://issuer.example.org/jwks.json")
    if jwks_url is None:
        return None
    because = "tokens of the issuer of JWKS_URL are checked against it"
    return TokenIssuer(
        jwks_url=jwks_url,
        issuer=read.required("JWT_ISSUER", because=because),
        audience=read.required("JWT_AUDIENCE", because=because),
    )


def _read_keys(read: Environment) -> KeyRing | None:
    found = {}
    for purpose in Purpose:
        name = _variable_of(purpose)
        if value := read.text(name):
            try:
                found[purpose] = parse_keys(value)
            except KeysError as error:
                raise SettingsError(f"{name} must be <id>:<base64>[,…]; {error}") from None
    return KeyRing(found) if found else None


def _variable_of(purpose: Purpose) -> str:
    return f"KEY_{purpose.upper()}"
