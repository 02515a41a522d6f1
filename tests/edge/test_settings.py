import base64
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from db.keys import Key, KeyRing, Purpose, generate
from gateway.environment import SettingsError
from gateway.settings import CHONGQING, Limits, Mode, Settings, TokenIssuer, load_keys
from permissions.edges import Policy

SECRET = base64.b64encode(b"k" * 32).decode()
ALL_KEYS = {f"KEY_{purpose.upper()}": f"k1:{SECRET}" for purpose in Purpose}


def test_no_variables_give_the_development_station() -> None:
    settings = Settings.from_environment({})

    assert settings == Settings()
    assert (settings.port, settings.station, settings.mode) == (8000, CHONGQING, Mode.DEVELOPMENT)
    assert settings.access_token_lifetime == timedelta(minutes=15)
    assert settings.refresh_token_lifetime == timedelta(days=30)
    assert settings.limits == Limits(page_size=100, nodes=100)


def test_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_environment({"PORT": "", "DATABASE_URL": " "}) == Settings()


@pytest.mark.parametrize(
    ("variables", "name", "expected"),
    [
        ({"PORT": "81"}, "port", 81),
        ({"ENVIRONMENT": "production"}, "mode", Mode.PRODUCTION),
        ({"STATION": "0"}, "station", 0),
        ({"DATA_DIR": "/srv/data"}, "data_dir", Path("/srv/data")),
        ({"POSTGRES_MAJOR": "16"}, "postgres_major", 16),
        ({"REFRESH_TOKEN_LIFETIME": "12h"}, "refresh_token_lifetime", timedelta(hours=12)),
        ({"POOL_WAIT": "500ms"}, "pool_wait", timedelta(milliseconds=500)),
        ({"REQUEST_TIMEOUT": "5"}, "limits", Limits(request_timeout=timedelta(seconds=5))),
        ({"QUICK_REVIEW": "off"}, "policy", Policy(quick_review=False)),
        ({"PAGE_SIZE_MAX": "50"}, "limits", Limits(page_size=50)),
        ({"FILE_BYTES_MAX": "999"}, "limits", Limits(file_bytes=999)),
        ({"FILES_URL": "http://k:s@minio:9000/b"}, "files_url", "http://k:s@minio:9000/b"),
        (
            {"STATION_HOSTS": "51=SC.example.org, 50=cq.example.org"},
            "station_hosts",
            ((50, "cq.example.org"), (51, "sc.example.org")),
        ),
        (
            {"JWKS_URL": "https://i.example/k", "JWT_ISSUER": "i", "JWT_AUDIENCE": "a"},
            "token_issuer",
            TokenIssuer(jwks_url="https://i.example/k", issuer="i", audience="a"),
        ),
    ],
    ids=str,
)
def test_variable_sets_its_field(variables: Mapping[str, str], name: str, expected: object) -> None:
    assert getattr(Settings.from_environment(variables), name) == expected


@pytest.mark.parametrize(
    "variables",
    [
        {"PORT": "0"},
        {"PORT": "8_000"},
        {"STATION": "-1"},
        {"STATION": str(2**22)},
        {"ENVIRONMENT": "prod"},
        {"POSTGRES_MAJOR": "17"},
        {"REDIS_URL": "http://s3cret@host"},
        {"DATABASE_URL": "postgresql://u:s3cret@host:port/d"},
        {"DATABASE_URL": "postgresql:///d?password=s3cret"},
        {"STATEMENT_TIMEOUT": "soon"},
        {"REQUEST_TIMEOUT": "0"},
        {"ACCESS_TOKEN_LIFETIME": "9" * 30 + "d"},
        {"NATIONAL_HOST": "https://cn.example.org/"},
        {"STATION_HOSTS": "cq.example.org"},
        {"FILES_URL": "https://key:s3cret@host"},
        {"FILES_URL": "https://s3cret@host/bucket"},
        {"FILES_URL": "s3://key:s3cret@host/bucket"},
        {"KEY_TOKEN": "s3cret"},
        {"KEY_TOKEN": "k1:s3cret"},
    ],
    ids=str,
)
def test_wrong_variable_is_named_and_its_value_not_repeated(variables: Mapping[str, str]) -> None:
    (name,) = variables

    with pytest.raises(SettingsError, match=rf"^{name} ") as caught:
        Settings.from_environment(variables)

    assert str(caught.value).endswith(".")
    assert "s3cret" not in str(caught.value)


def test_issuer_without_audience_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^JWT_AUDIENCE is missing: "):
        Settings.from_environment({"JWKS_URL": "https://i.example/k", "JWT_ISSUER": "i"})


def test_printed_settings_hold_no_secret() -> None:
    settings = Settings.from_environment(
        {
            "DATABASE_URL": "postgresql://u:s3cret@h/d",
            "REDIS_URL": "redis://:s3cret@h",
            "FILES_URL": "https://k:s3cret@h/b",
            **ALL_KEYS,
        }
    )

    assert "s3cret" not in repr(settings)
    assert SECRET not in repr(settings.supplied_keys)
    assert "kkkk" not in repr(settings.supplied_keys)


def test_development_makes_keys_once(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    made = load_keys(settings)
    again = load_keys(settings)

    for purpose in Purpose:
        assert again.current(purpose) == made.current(purpose)
        assert again.current(purpose).secret == made.current(purpose).secret
    files = list((tmp_path / "keys").iterdir())
    assert len(files) == len(Purpose)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_rotated_key_signs_and_the_old_one_is_still_found(tmp_path: Path) -> None:
    old = KeyRing.open(tmp_path).current(Purpose.TOKEN)

    new = generate(tmp_path, Purpose.TOKEN)
    ring = KeyRing.load(tmp_path)

    assert ring.current(Purpose.TOKEN).secret == new.secret != old.secret
    found = ring.find(Purpose.TOKEN, old.id)
    assert found is not None
    assert found.secret == old.secret


def test_key_of_one_purpose_is_not_found_for_another() -> None:
    key = Key(id="k1", secret=b"s" * 32)
    ring = KeyRing({Purpose.TOKEN: [key]})

    assert ring.find(Purpose.TOKEN, key.id) is key
    assert ring.find(Purpose.CURSOR, key.id) is None


def test_production_takes_supplied_keys() -> None:
    settings = Settings.from_environment({"ENVIRONMENT": "production", **ALL_KEYS})

    assert load_keys(settings).current(Purpose.IDENTITY).secret == b"k" * 32


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (tuple(ALL_KEYS), r"^In production the keys are supplied: set KEYS_DIR, or KEY_TOKEN"),
        (("KEY_CURSOR",), r"^Keys: There is no key for cursor\.$"),
    ],
    ids=["all", "one"],
)
def test_production_without_a_key_is_refused(missing: tuple[str, ...], sentence: str) -> None:
    given = {name: value for name, value in ALL_KEYS.items() if name not in missing}

    with pytest.raises(SettingsError, match=sentence):
        load_keys(Settings.from_environment({"ENVIRONMENT": "production", **given}))


def test_production_refuses_generated_keys(tmp_path: Path) -> None:
    KeyRing.open(tmp_path)
    settings = Settings.from_environment({"ENVIRONMENT": "production", "KEYS_DIR": str(tmp_path)})

    with pytest.raises(SettingsError, match=r"was generated for development"):
        load_keys(settings)


def test_malformed_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "token.k1.key").write_text("c2hvcnQ=\n")

    with pytest.raises(SettingsError, match=r"token\.k1\.key is malformed") as caught:
        load_keys(Settings(keys_dir=tmp_path))

    assert "c2hvcnQ" not in str(caught.value)
