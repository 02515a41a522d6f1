import io
import json
import logging
from collections.abc import Iterator

import pytest

from gateway.logs import configure_logs, request_id


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs(stream=stream)
    yield stream
    root.handlers[:], root.level = before


def test_record_is_one_line_with_request_and_data(written: io.StringIO) -> None:
    token = request_id.set("r-1")
    logging.getLogger("gateway.x").warning("operation_refused", extra={"cost": 9100})
    request_id.reset(token)

    line = json.loads(written.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "gateway.x",
        "event": "operation_refused",
        "request_id": "r-1",
        "cost": 9100,
    }


def test_trace_stays_in_its_line(written: io.StringIO) -> None:
    try:
        int("boom")
    except ValueError:
        logging.getLogger("gateway.x").exception("bug")

    (line,) = written.getvalue().splitlines()
    assert "ValueError: invalid literal" in json.loads(line)["trace"]


def test_data_under_a_secret_name_is_masked(written: io.StringIO) -> None:
    logging.getLogger("gateway.x").info("sign_in", extra={"password": "p4ss", "Token": "t0k"})

    line = json.loads(written.getvalue())
    assert (line["password"], line["Token"]) == ("***", "***")
