"use strict";
// Shows a film (see dictrace.engine.export.film). Whatever comes from a program goes into the page as text only.
(() => {
    const {film, words} = JSON.parse(document.getElementById("film").textContent);
    const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#7F7F7F"];
    const NOBODY = "#8A919E", PRESENT = 1, LOST = 2;
    const SHOWN_FIELDS = 40, SHOWN_KEYS = 1000, LISTED_EVENTS = 200, STRIDE = 100, PLAY_SECONDS = 30;
    const last = film.steps.length - 1;
    const losses = film.steps.flatMap((step, event) => step[2].length ? [event] : []);
    const cellsOf = [];
    film.cell_fields.forEach((field, cell) => (cellsOf[field] ||= []).push(cell));

    const at = id => document.getElementById(id);
    const number = n => n.toLocaleString("en");
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const make = (parent, tag, name, text) => {
        const made = document.createElement(tag);
        if (name) made.className = name;
        if (text !== undefined) made.textContent = text;
        parent.append(made);
        return made;
    };
    const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };

    // What is known at a position. Entries are replaced, never changed, so that a shallow copy is a checkpoint.
    const nothing = () => ({
        ns: 0, happened: "", lost: [], score: [0, 0, "", ""], fields: [], processes: [], locks: [], packets: [],
        states: new Uint8Array(film.cell_labels.length), writers: new Int16Array(film.cell_labels.length).fill(-1),
    });
    const changed = (list, place, value) => list.map((item, index) => index === place ? value : item);
    const advance = (state, step) => {
        const [ns, happened, lost, score, cells, fields, processes, behinds, locks, packets] = step;
        Object.assign(state, {ns, happened, lost, packets, score: score || state.score});
        for (let n = 0; n < cells.length; n += 3) {
            state.states[cells[n]] = cells[n + 1];
            state.writers[cells[n]] = cells[n + 2];
        }
        for (const field of fields) state.fields[field[0]] = field;
        for (const process of processes) state.processes[process[0]] = process;
        for (let n = 0; n < behinds.length; n += 2) {
            const process = state.processes[behinds[n]];
            state.processes[behinds[n]] = changed(process, 4, changed(process[4], 2, behinds[n + 1]));
        }
        for (const lock of locks) state.locks[lock[0]] = lock;
    };
    const copied = state => ({
        ...state, fields: [...state.fields], processes: [...state.processes], locks: [...state.locks],
        states: state.states.slice(), writers: state.writers.slice(),
    });
    const stride = Math.max(STRIDE, Math.ceil(film.steps.length * film.cell_labels.length / 1e7));
    const checkpoints = [];
    const running = nothing();
    film.steps.forEach((step, event) => {
        advance(running, step);
        if (event % stride === 0) checkpoints.push(copied(running));
    });

    let position = -1, state = null, playing = false, playedFrom = 0, startedAt = 0;

    const stateAt = event => {
        const near = Math.floor(event / stride);
        const onward = state && position <= event && position >= near * stride;
        const found = onward ? state : copied(checkpoints[near]);
        for (let next = onward ? position + 1 : near * stride + 1; next <= event; next++) advance(found, film.steps[next]);
        return found;
    };

    const processCards = film.processes.map(([label, pid], index) => {
        const card = make(at("processes"), "article", "process");
        card.style.setProperty("--process", COLOURS[index % COLOURS.length]);
        card.setAttribute("aria-label", label);
        const row = make(card, "div", "row");
        make(row, "span", "name", label);
        make(row, "span", "muted pid", fill(words.pid, {pid}));
        const shown = {card, state: make(row, "span", "state")};
        shown.wire = make(card, "div", "wire");
        shown.wire.setAttribute("aria-label", words.wire);
        shown.task = make(card, "div", "task");
        shown.copy = make(card, "div", "copy");
        shown.held = make(card, "div", "held");
        const tally = make(card, "div", "row muted");
        shown.done = make(tally, "span");
        shown.lost = make(tally, "span", "lost-count");
        shown.holds = make(tally, "span", "holds");
        return shown;
    });
    const fieldCards = [];
    const fieldCard = index => fieldCards[index] ||= (() => {
        const card = make(at("fields"), "div", "field");
        const row = make(card, "div", "row");
        const shown = {card, label: make(row, "code", "label"), version: make(row, "span", "version")};
        shown.size = make(row, "span", "muted");
        shown.value = make(card, "div", "value");
        shown.canvas = make(card, "canvas");
        shown.canvas.setAttribute("role", "img");
        shown.tip = make(card, "div", "muted tip");
        shown.details = make(card, "details");
        make(shown.details, "summary", "", words.keys);
        shown.list = make(shown.details, "ul", "keys");
        shown.details.addEventListener("toggle", () => showKeys(index));
        shown.canvas.addEventListener("pointermove", event => showTip(index, event));
        shown.canvas.addEventListener("pointerdown", event => showTip(index, event));
        return shown;
    })();
    const moreFields = make(at("server"), "p", "muted");

    const labelOf = process => process === null || process < 0 ? words.main : film.processes[process][0];
    const keyText = cell => {
        const text = {[PRESENT]: words.written, [LOST]: words.lost_key}[state.states[cell]] || words.empty_key;
        return fill(text, {key: film.cell_labels[cell], process: labelOf(state.writers[cell])});
    };
    const showTip = (index, event) => {
        const {canvas, tip, grid} = fieldCards[index];
        if (!grid) return;
        const box = canvas.getBoundingClientRect();
        const column = Math.floor((event.clientX - box.left) / grid.size);
        const cell = column < grid.columns && column >= 0
            ? cellsOf[index][Math.floor((event.clientY - box.top) / grid.size) * grid.columns + column] : undefined;
        say(tip, cell === undefined ? "" : keyText(cell));
    };
    const showKeys = index => {
        const {details, list} = fieldCards[index];
        if (!details.open) return;
        list.replaceChildren();
        const cells = cellsOf[index] || [];
        for (const cell of cells.slice(0, SHOWN_KEYS)) make(list, "li", "", keyText(cell));
        if (cells.length > SHOWN_KEYS) make(list, "li", "", fill(words.more, {n: number(cells.length - SHOWN_KEYS)}));
    };

    const gridFor = (count, width) => {
        const rows = 6, size = Math.max(3, Math.min(24, Math.floor(width / Math.ceil(count / rows)) || 1));
        const columns = Math.max(1, Math.floor(width / size));
        return {size, columns, height: Math.ceil(count / columns) * size};
    };
    const paintCells = (index, styles) => {
        const shown = fieldCards[index], cells = cellsOf[index] || [], {canvas} = shown;
        const width = canvas.parentElement.clientWidth;
        canvas.hidden = !cells.length || state.fields[index][4] !== null;
        shown.details.hidden = !cells.length;
        if (canvas.hidden || !width) return;
        const grid = shown.grid = gridFor(cells.length, width), scale = window.devicePixelRatio || 1;
        canvas.width = width * scale;
        canvas.height = grid.height * scale;
        canvas.style.height = `${grid.height}px`;
        const pen = canvas.getContext("2d"), gap = grid.size > 6 ? 2 : 0, side = grid.size - gap;
        pen.scale(scale, scale);
        const now = new Set(state.lost);
        let lost = 0;
        cells.forEach((cell, place) => {
            const x = place % grid.columns * grid.size, y = Math.floor(place / grid.columns) * grid.size;
            const writer = state.writers[cell];
            pen.fillStyle = styles.empty;
            if (state.states[cell] === PRESENT) pen.fillStyle = writer < 0 ? NOBODY : COLOURS[writer % COLOURS.length];
            if (state.states[cell] === LOST) pen.fillStyle = styles.lostFill;
            pen.fillRect(x, y, side, side);
            if (state.states[cell] === LOST) {
                lost++;
                pen.strokeStyle = styles.lost;
                pen.lineWidth = now.has(cell) ? 3 : 1.2;
                pen.beginPath();
                pen.moveTo(x, y + side);
                pen.lineTo(x + side, y);
                if (side > 8) pen.rect(x + 1, y + 1, side - 2, side - 2);
                pen.stroke();
            }
        });
        const [, label, , size] = state.fields[index];
        canvas.setAttribute("aria-label", fill(words.field, {label, n: number(size), lost: number(lost)}));
    };
    const showFields = () => {
        const root = getComputedStyle(document.documentElement), colour = name => root.getPropertyValue(name).trim();
        const styles = {empty: colour("--empty"), lost: colour("--lost"), lostFill: colour("--lost-fill")};
        const count = Math.min(state.fields.length, SHOWN_FIELDS);
        for (let index = 0; index < Math.max(count, fieldCards.length); index++) {
            const shown = fieldCard(index);
            shown.card.hidden = index >= count;
            if (index >= count) continue;
            const [, label, version, size, value] = state.fields[index];
            say(shown.label, label);
            say(shown.version, `v${version}`);
            say(shown.size, fill(words.keys_count, {n: number(size)}));
            say(shown.value, value === null ? "" : value);
            shown.value.hidden = value === null;
            paintCells(index, styles);
            showKeys(index);
        }
        say(moreFields, state.fields.length > count ? fill(words.more, {n: number(state.fields.length - count)}) : "");
    };

    const showCopy = (shown, copy) => {
        shown.copy.replaceChildren();
        shown.copy.classList.toggle("muted", !copy);
        if (!copy) {
            say(shown.copy, words.no_copy);
            say(shown.held, "");
            return;
        }
        const [field, base, behind, size, value, own, labels] = copy;
        const text = state.fields.length > 1 ? words.copy_of : words.copy;
        make(shown.copy, "span", "base", fill(text, {base, label: state.fields[field] ? state.fields[field][1] : ""}));
        if (behind) make(shown.copy, "span", "behind", fill(words.behind, {n: number(behind)}));
        const keys = `${labels.join(", ")}${own > labels.length ? " …" : ""}`;
        const held = value === null ? fill(words.keys_count, {n: number(size)}) : fill(words.value, {value});
        say(shown.held, own ? `${held} · ${fill(words.changes, {keys})}` : held);
    };
    const showProcess = (shown, process) => {
        const [, name, task, line, copy, holds, holdsOwn, done, lost] = process;
        say(shown.state, words.states[name]);
        shown.state.classList.toggle("died", name === "died");
        shown.card.classList.toggle("gone", ["died", "ended", "not started"].includes(name));
        const doing = [];
        if (task !== null) doing.push(fill(words.task, {task}));
        if (line !== null) doing.push(fill(words.line, {line}));
        say(shown.task, doing.join(" · "));
        const held = holds === null ? "" : fill(words.holds, {lock: state.locks[holds][1]});
        say(shown.holds, [held, holdsOwn ? words.holds_own : ""].filter(text => text).join(" · "));
        showCopy(shown, copy);
        say(shown.done, fill(words.done, {n: number(done)}));
        say(shown.lost, lost ? fill(words.lost, {n: number(lost)}) : "");
    };
    const showPacket = (shown, packet) => {
        if (!packet) {
            shown.packet?.remove();
            shown.packet = null;
            return;
        }
        const [, up, text, progress, stale] = packet;
        shown.packet ||= make(shown.wire, "span", "packet");
        say(shown.packet, up ? `${text} ▸` : `◂ ${text}`);
        shown.packet.classList.toggle("stale", stale);
        const share = Math.max(0, Math.min(1, up ? progress : 1 - progress));
        shown.packet.style.left = `${100 * share}%`;
        shown.packet.style.transform = `translateX(${-100 * share}%)`;
    };
    const showLocks = () => {
        const room = at("locks");
        while (room.children.length < state.locks.length) make(room, "div", "lock");
        [...room.children].forEach((element, index) => {
            element.hidden = !state.locks[index];
            if (element.hidden) return;
            const [, label, holder, queue] = state.locks[index];
            const held = holder === null ? words.lock_free : fill(words.lock_held, {process: labelOf(holder)});
            const waiting = queue.length ? ` · ${fill(words.lock_queue, {processes: queue.map(labelOf).join(", ")})}` : "";
            say(element, fill(words.labelled, {label, text: held + waiting}));
        });
    };

    const listItem = (list, event, text, lost) => {
        const button = make(make(list, "li"), "button", lost ? "lost" : "");
        make(button, "span", "number", number(event));
        make(button, "span", "text", text);
        button.dataset.event = event;
        button.addEventListener("click", () => { pause(); seek(event); });
    };
    let listed = [1, 0];
    const showEvents = () => {
        const list = at("events");
        if (position < listed[0] || position > listed[1]) {
            const first = Math.max(1, Math.min(position - LISTED_EVENTS / 2, last - LISTED_EVENTS + 1));
            listed = [Math.min(first, position), Math.min(last, first + LISTED_EVENTS - 1)];
            list.replaceChildren();
            for (let event = first; event <= listed[1]; event++) {
                listItem(list, event, film.steps[event][1], film.steps[event][2].length);
            }
        }
        for (const list of [at("events"), at("losses")]) {
            list.querySelectorAll("[aria-current]").forEach(button => button.removeAttribute("aria-current"));
            const current = list.querySelectorAll(`[data-event="${position}"]`);
            current.forEach(button => button.setAttribute("aria-current", "true"));
            if (current.length) {
                const item = current[0].parentElement;
                if (item.offsetTop < list.scrollTop || item.offsetTop + item.offsetHeight > list.scrollTop + list.clientHeight) {
                    list.scrollTop = item.offsetTop - list.clientHeight / 2;
                }
            }
        }
    };

    const show = () => {
        const [, lost, verdict, breakdown] = state.score;
        say(at("verdict"), verdict);
        say(at("breakdown"), breakdown);
        at("breakdown").classList.toggle("lost", lost > 0);
        showFields();
        showLocks();
        const packets = new Map(state.packets.map(packet => [packet[0], packet]));
        processCards.forEach((shown, index) => {
            showProcess(shown, state.processes[index]);
            showPacket(shown, packets.get(index));
        });
        at("scrubber").value = position;
        const place = fill(words.place, {event: number(position), n: number(last), ms: (state.ns / 1e6).toFixed(3)});
        say(at("place"), place);
        at("scrubber").setAttribute("aria-valuetext", place);
        say(at("happened"), state.happened || words.nothing_yet);
        at("happened").classList.toggle("lost", state.lost.length > 0);
        at("previous-loss").disabled = !(losses[0] < position);
        at("next-loss").disabled = !(losses[losses.length - 1] > position);
        showEvents();
    };
    const seek = event => {
        event = Math.max(0, Math.min(last, Math.round(event) || 0));
        if (event === position) return;
        state = stateAt(event);
        position = event;
        show();
    };

    const speed = at("speed");
    const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
    for (const perSecond of SPEEDS) {
        make(speed, "option", "", fill(words.per_second, {n: number(perSecond)})).value = perSecond;
    }
    speed.value = SPEEDS.find(perSecond => perSecond >= last / PLAY_SECONDS) || SPEEDS[SPEEDS.length - 1];
    const tick = now => {
        if (!playing) return;
        startedAt ||= now;
        seek(playedFrom + Math.floor((now - startedAt) / 1000 * speed.value));
        if (position >= last) pause();
        else requestAnimationFrame(tick);
    };
    const showPlay = () => {
        at("play").classList.toggle("playing", playing);
        at("play").setAttribute("aria-label", playing ? words.pause : words.play);
        at("play").title = playing ? words.pause : words.play;
        at("happened").setAttribute("aria-live", playing ? "off" : "polite");
    };
    const restart = () => { playedFrom = position; startedAt = 0; };
    const play = () => {
        if (position >= last) seek(0);
        playing = true;
        restart();
        showPlay();
        requestAnimationFrame(tick);
    };
    const pause = () => {
        playing = false;
        showPlay();
    };
    const go = event => { pause(); seek(event); };
    const nextLoss = () => go(losses.find(event => event > position) ?? position);
    const previousLoss = () => go([...losses].reverse().find(event => event < position) ?? position);
    const actions = {
        first: () => go(0), back: () => go(position - 1), play: () => playing ? pause() : play(),
        forward: () => go(position + 1), last: () => go(last), "previous-loss": previousLoss, "next-loss": nextLoss,
    };
    for (const [id, action] of Object.entries(actions)) at(id)?.addEventListener("click", action);
    const keys = {
        " ": "play", ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last", n: "next-loss", p: "previous-loss",
        PageDown: "forward", PageUp: "back",
    };
    document.addEventListener("keydown", event => {
        const place = event.target.closest("button, select, summary, ol");
        if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
        if (place && (event.key === " " || place.matches("select, ol"))) return;
        event.preventDefault();
        actions[keys[event.key]]();
    });
    at("scrubber").addEventListener("input", event => go(event.target.valueAsNumber));
    speed.addEventListener("change", restart);

    const paintMarks = () => {
        const canvas = at("marks"), scale = window.devicePixelRatio || 1, width = canvas.clientWidth, height = 10;
        canvas.width = width * scale;
        canvas.height = height * scale;
        const pen = canvas.getContext("2d");
        pen.scale(scale, scale);
        pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--lost").trim();
        const inset = 8; // half the knob of a scrubber
        for (const event of losses) pen.fillRect(inset + (width - 2 * inset) * event / Math.max(1, last) - 1, 0, 2, height);
    };
    const repaint = () => { paintMarks(); showFields(); showEvents(); };
    window.addEventListener("resize", repaint);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

    const wanted = () => Number(new URLSearchParams(location.hash.slice(1)).get("at")) || 0;
    window.addEventListener("hashchange", () => go(wanted()));

    at("scrubber").max = last;
    say(at("manager-pid"), film.manager_pid === null ? "" : fill(words.pid, {pid: film.manager_pid}));
    for (const note of film.notes) make(at("notes"), "li", "", note);
    for (const [event, kind, key, text] of film.certificates) {
        listItem(at("losses"), event, fill(words.labelled, {label: `${key} ${kind}`.trim(), text}), true);
    }
    if (!film.certificates.length) make(at("losses"), "li", "muted", words.no_losses);
    at("previous-loss").hidden = at("next-loss").hidden = !losses.length;
    seek(wanted());
    paintMarks();
    showPlay();
})();
