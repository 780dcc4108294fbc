"""A recording as one web page that needs nothing else: no network, no server, no library.

Its own policy lets it run its one script and nothing else. What comes from a program is data in it: as JSON in which
``<`` can't occur, put on the screen as text only.
"""

import base64
import hashlib
from html import escape
from string import Template

import msgspec

from dictrace import resources
from dictrace.engine import program_version
from dictrace.engine.export.film import MAX_EVENTS, Film, film_of
from dictrace.engine.frame import ProcessState
from dictrace.engine.provenance import provenance
from dictrace.engine.recording import Recording
from dictrace.engine.words import _, chosen_language

NOTHING_ELSE = "base-uri 'none'; form-action 'none'"


class _Data(msgspec.Struct):
    film: Film
    words: dict[str, str | dict[str, str]]


def page_of(recording: Recording, max_events: int = MAX_EVENTS) -> bytes:
    """The page, UTF-8, in the chosen language; it shows the first `max_events` events and says so."""
    style, script = _resource("page.css"), _resource("page.js")
    data = msgspec.json.encode(_Data(film_of(recording, max_events), _script_words())).decode()
    texts = {name: escape(text) for name, text in _page_words(recording).items()}
    page = Template(_resource("page.html")).substitute(
        texts,
        lang=chosen_language(),
        policy=f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; {NOTHING_ELSE}",
        style=style,
        script=script,
        film=data.replace("<", "\\u003c"),
    )
    return page.encode()


def _resource(name: str) -> str:
    return (resources.FOLDER / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _page_words(recording: Recording) -> dict[str, str]:
    """What the page says whatever it shows."""
    header = recording.header
    return {
        "title": _("{what}: lost updates of a shared dict").format(what=header.what),
        "provenance": f"{header.what} · {provenance(recording)}",
        "needs_script": _("This page needs JavaScript to show the run."),
        "stage": _("Stage"),
        "server": _("Manager server"),
        "transport": _("Transport"),
        "event": _("Event"),
        "back": _("One event back"),
        "play": _("Play"),
        "forward": _("One event on"),
        "previous_loss": _("Previous loss"),
        "next_loss": _("Next loss"),
        "speed": _("Speed"),
        "events": _("Events"),
        "losses": _("Lost updates"),
        "keys": _("Keys: space plays, arrows step, Home and End jump, n and p go to the next and previous loss."),
        "made": _("Made by dictrace {version}. The order of events was observed in the manager server.").format(
            version=program_version()
        ),
    }


def _script_words() -> dict[str, str | dict[str, str]]:
    """What the script puts together."""
    return {
        "states": {
            ProcessState.ABSENT.value: _("not started"),
            ProcessState.IDLE.value: _("idle"),
            ProcessState.WORKING.value: _("working"),
            ProcessState.FETCHING.value: _("fetching"),
            ProcessState.HOLDS_COPY.value: _("holds copy"),
            ProcessState.COMMITTING.value: _("committing"),
            ProcessState.WAITING.value: _("waits for lock"),
            ProcessState.ENDED.value: _("ended"),
            ProcessState.DIED.value: _("died"),
        },
        "main": _("the main program"),
        "pid": _("PID {pid}"),
        "wire": _("Between the process and the manager server"),
        "task": _("task {task}"),
        "line": _("line {line}"),
        "copy": _("copy of v{base}"),
        "copy_of": _("copy of v{base} of {label}"),
        "no_copy": _("no copy"),
        "behind": _("{n} behind"),
        "value": _("value: {value}"),
        "changes": _("changes {keys}"),
        "holds": _("holds {lock}"),
        "holds_own": _("own lock"),
        "done": _("{n} done"),
        "lost": _("{n} lost"),
        "keys": _("Keys as text"),
        "keys_count": _("keys: {n}"),
        "written": _("{key}: written by {process}"),
        "lost_key": _("{key}: update by {process} lost"),
        "empty_key": _("{key}: absent"),
        "field": _("{label}, keys: {n}, lost: {lost}"),
        "more": _("… and {n} more"),
        "labelled": _("{label}: {text}"),
        "lock_free": _("free"),
        "lock_held": _("held by {process}"),
        "lock_queue": _("waiting: {processes}"),
        "place": _("event {event} of {n} · {ms} ms"),
        "nothing_yet": _("Nothing has been served yet."),
        "no_losses": _("No update was lost in the events shown."),
        "play": _("Play"),
        "pause": _("Pause"),
        "per_second": _("{n}/s"),
    }
