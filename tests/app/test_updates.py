"""The update check requests one version number from one address, and does not identify the user."""

import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import updates
from app.updates import _version, newer_version, release_page


class Page(BaseHTTPRequestHandler):
    """Answers /latest as the server's `answer` says: (status, Location or "", body)."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        status, location, body = self.server.answers.get(self.path, (200, "", b""))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    made = HTTPServer(("127.0.0.1", 0), Page)
    made.asked, made.answers = [], {}
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    made.page = f"http://127.0.0.1:{made.server_port}/releases"
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.mark.parametrize(
    ("mine", "expected"), [("0.1.0", "1.2.3"), ("1.2.3", None), ("1.10", None), ("1.2.3.dev0", None)]
)
def test_a_redirect_to_a_release_names_it(server, mine, expected):
    server.answers["/releases/latest"] = (302, "/releases/tag/v1.2.3", b"")
    assert newer_version(server.page, mine) == expected


def test_a_page_may_say_the_number_itself(server):
    server.answers["/releases/latest"] = (200, "", b"0.3.0\nmore words\n")
    assert newer_version(server.page, "0.2.9") == "0.3.0"


def test_the_request_does_not_identify_the_user(server):
    server.answers["/releases/latest"] = (200, "", b"0.3.0")
    newer_version(server.page, "0.1.0")
    (path, headers), *others = server.asked
    assert path == "/releases/latest" and not others
    assert headers.pop("User-Agent") == "Acutance"
    assert set(headers) <= {"Host", "Accept-Encoding", "Connection"}


@pytest.mark.parametrize(
    "answer",
    [(404, "", b""), (500, "", b"0.9.0"), (200, "", b"<html>Releases"), (200, "", b""), (200, "", b"\xff\xfe")],
)
def test_a_page_that_says_no_version_is_an_error_and_nothing_else(server, answer):
    server.answers["/releases/latest"] = answer
    with pytest.raises(OSError):
        newer_version(server.page, "0.1.0")


def test_a_server_that_is_not_there_is_an_error():
    with pytest.raises(OSError):
        newer_version("http://127.0.0.1:9/releases", "0.1.0")


def test_an_answer_that_is_no_http_is_an_error(monkeypatch):
    with pytest.raises(OSError):
        newer_version("not an address", "0.1.0")


@pytest.mark.parametrize(
    ("address", "expected"),
    [("https://example.org/releases", "https://example.org/releases"), ("https://acutance.invalid/releases", "")],
)
def test_the_release_page_is_in_the_metadata_once_one_is_chosen(monkeypatch, address, expected):
    named = Message()
    named["Project-URL"] = "Documentation, https://example.org/docs"
    named["Project-URL"] = f"Releases, {address}"
    monkeypatch.setattr(updates, "metadata", lambda _: named)
    assert release_page() == expected


@given(st.lists(st.integers(0, 99), min_size=2, max_size=4), st.lists(st.integers(0, 99), min_size=2, max_size=4))
def test_versions_compare_as_numbers(one, other):
    padded = [[*numbers, 0, 0][:4] for numbers in (one, other)]
    texts = [".".join(map(str, numbers)) for numbers in (one, other)]
    assert (_version(f"v{texts[0]}") > _version(texts[1])) == (padded[0] > padded[1])
