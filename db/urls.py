"""The address of the database, as each driver wants it."""

from sqlalchemy.engine import URL, make_url


def sqlalchemy_url(url: str) -> URL:
    """The address for SQLAlchemy's asyncpg dialect; ``postgresql://`` alone means psycopg there."""
    return make_url(url).set(drivername="postgresql+asyncpg")


def asyncpg_dsn(url: str) -> str:
    """The address for asyncpg itself."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
