import pytest

from replica.wire import MOST_HEAD_BYTES, BadRequestError, response_head, take_request

PLAIN = b"GET /a?b=c HTTP/1.1\r\nHost: EN.tempo.co:80\r\nX-Y:  z \r\n\r\n"


def test_a_request():
    buffer = bytearray(PLAIN + b"GET")
    request = take_request(buffer)
    assert (request.method, request.host, request.target) == ("GET", "en.tempo.co", "/a?b=c")
    assert request.headers == {"host": "EN.tempo.co:80", "x-y": "z"}
    assert request.keep_alive
    assert bytes(buffer) == b"GET"


def test_a_request_in_pieces():
    buffer = bytearray()
    found = [take_request(buffer) for byte in PLAIN if not buffer.append(byte)]
    assert [request is None for request in found] == [True] * (len(PLAIN) - 1) + [False]


def test_a_body_is_waited_for():
    buffer = bytearray(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")
    assert take_request(buffer) is None
    buffer += b"cd"
    assert take_request(buffer).body == b"abc"
    assert bytes(buffer) == b"d"


@pytest.mark.parametrize(
    ("version", "connection", "kept"),
    [("1.1", "", True), ("1.1", "close", False), ("1.0", "", False), ("1.0", "Keep-Alive", True)],
)
def test_who_keeps_the_connection(version, connection, kept):
    line = f"Connection: {connection}\r\n" if connection else ""
    assert take_request(bytearray(f"GET / HTTP/{version}\r\n{line}\r\n".encode())).keep_alive is kept


def test_a_proxy_names_the_host_in_the_target():
    request = take_request(bytearray(b"GET http://www.tempo.co/x HTTP/1.1\r\nHost: other\r\n\r\n"))
    assert (request.host, request.target) == ("www.tempo.co", "/x")
    assert take_request(bytearray(b"GET http://www.tempo.co HTTP/1.1\r\n\r\n")).target == "/"


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"GET x HTTP/1.1\r\n\r\n",
        b"G=T / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nA : b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"x" * MOST_HEAD_BYTES,
        b"\x16\x03\x01\x02\x00\r\n\r\n",
    ],
)
def test_what_is_no_request(raw):
    with pytest.raises(BadRequestError):
        take_request(bytearray(raw))


def test_a_response_head():
    head = response_head(200, {"ETag": '"a"'}, 7, keep_alive=True)
    assert head == b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 7\r\nConnection: keep-alive\r\n\r\n'
    assert b"Content-Length" not in response_head(304, {}, 0, keep_alive=False)
