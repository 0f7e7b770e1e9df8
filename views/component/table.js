/**
 * The table beside the map: `render(component)` builds it once and afterwards only writes anew.
 *
 * `component.data` is described in `score_table.py`. Rows stay where they are; what they say moves.
 * While the hand moves, rank, score and order come from `live.js`, rows in sight first.
 */

import { html } from "./dom.js";
import { ahead, listen } from "./live.js";
import { mounted } from "./mount.js";
import { link } from "./style.js";
import { fill, numberFormat, percent } from "./writing.js";

/** Rows that exist at a time; of longer tables, those around what is in sight. */
const ROWS = 400;
/** Rows kept ready above and below what is in sight. */
const SPARE = 4;
/** Milliseconds between two looks of the table while the hand moves; the frames are the map's. */
const PACE = 80;
/** Milliseconds after which a hand that does not move leaves time for the rows out of sight. */
const REST = 150;
/** Rows written at a time while the browser has nothing else to do. */
const CHUNK = 60;
/** Columns of which the highest values come first at the first click. */
const HIGHEST_FIRST = new Set(["score", "top_quarter", "shown", "layer"]);
const PENDING = "…";
/** Widths of the columns in rem. */
const WIDTHS = { rank: 3.25, band: 5, name: 10.75, score: 6.25, top_quarter: 5.5, shown: 9, layer: 8 };

export const render = mounted((root) => new TableView(root));

class TableView {
  constructor(root) {
    this.head = html("tr", { role: "row" });
    this.body = html("tbody", { role: "rowgroup" });
    this.above = html("tbody", { "aria-hidden": "true" });
    this.below = html("tbody", { "aria-hidden": "true" });
    this.table = html("table", { role: "table" },
      html("thead", { role: "rowgroup" }, this.head), this.above, this.body, this.below);
    this.box = html("div", { class: "rows" }, this.table);
    root.append(this.box);
    link(root, "table.css", this.box);
    this.rows = [];
    this.first = 0;
    this.current = 0;
    this.sorted = { column: 0, falling: false };
    this.live = null;
    this.seen = { top: 0, height: 0, row: 30 };
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.sizes = new ResizeObserver(() => { this.measure(); this.write(); });
    this.sizes.observe(this.box);
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("keydown", (event) => this.press(event));
    this.leave = listen((now, bands) => this.follow(now, bands));
  }

  update(component) {
    this.component = component;
    const { data } = component;
    const chosen = this.data?.selected;
    // An answer that is older than the hand must not undo what the hand has done.
    if (!data.weights || !ahead(data.weights)) this.live = null;
    this.data = data;
    this.collator = new Intl.Collator(data.locale);
    this.table.setAttribute("aria-label", data.texts.alt);
    this.heads();
    this.arrange();
    if (data.selected && data.selected !== chosen) this.reveal(data.selected);
  }

  /** What the moving weights make of rank, score and bands; bands follow when the hand rests. */
  follow(now, bands) {
    if (!this.data?.weights) return;
    this.live = { ...now, bands };
    this.turn = null;
    if (bands) { clearTimeout(this.soon); this.soon = null; }
    this.soon ??= setTimeout(() => {
      this.soon = null;
      if (this.live) this.arrange();
    }, bands ? 0 : PACE);
  }

  heads() {
    const { columns } = this.data;
    const key = JSON.stringify(columns.map(({ kind, title, help }) => [kind, title, help]));
    if (key === this.headKey) return;
    this.headKey = key;
    if (!columns[this.sorted.column]) this.sorted = { column: 0, falling: false };
    // The last column takes what room is left.
    this.table.style.setProperty("--columns", columns.map(({ kind }, k) =>
      (k < columns.length - 1 ? `${WIDTHS[kind]}rem` : `minmax(${WIDTHS[kind]}rem, 1fr)`)).join(" "));
    this.head.replaceChildren(...columns.map(({ kind, title, help }, column) => {
      const button = html("button", { type: "button", ...(help && { title: help }) }, title);
      button.onclick = () => this.sort(column);
      return html("th", { role: "columnheader", scope: "col", class: kind }, button);
    }));
    this.rows = [];
  }

  sort(column) {
    const { kind } = this.data.columns[column];
    const falling = column === this.sorted.column ? !this.sorted.falling : HIGHEST_FIRST.has(kind);
    this.sorted = { column, falling };
    this.arrange();
  }

  /** Bring order and rows up to date. */
  arrange() {
    const stop = this.body.contains(this.focused())
      ? this.data.ids[this.order[this.current]] : this.data.selected;
    this.order = this.ordered();
    this.current = Math.max(0, this.order.findIndex((item) => this.data.ids[item] === stop));
    const { column, falling } = this.sorted;
    [...this.head.children].forEach((head, k) => {
      if (k !== column) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    });
    this.fitRows();
    this.write();
  }

  ordered() {
    const { ids, columns } = this.data;
    const { column, falling } = this.sorted;
    const { kind } = columns[column];
    const sign = falling ? -1 : 1;
    const values = ids.map((_, item) => this.value(columns[column], item));
    const ranks = ids.map((_, item) => this.value(columns[0], item) ?? Number.MAX_SAFE_INTEGER);
    const compare = kind === "name" ? this.collator.compare : (a, b) => a - b;
    const gap = (value) => value === null;
    return [...ids.keys()].sort((a, b) =>
      gap(values[a]) - gap(values[b])
      || (gap(values[a]) ? 0 : sign * compare(values[a], values[b]))
      || ranks[a] - ranks[b]
      || (ids[a] < ids[b] ? -1 : 1));
  }

  /** A value as it is now: what the weights decide is worked out here while they move. */
  value({ kind, values }, item) {
    const { live } = this;
    if (!live) return values[item];
    const place = this.data.places[item];
    if (kind === "rank") return live.rank[place] || null;
    if (kind === "score") return live.rank[place] ? live.score[place] : null;
    if (live.lasting) return values[item];
    if (kind === "band") return live.bands?.p05[place] || null;
    if (kind === "top_quarter") {
      return live.bands && live.rank[place] ? live.bands.topQuarter[place] : null;
    }
    return values[item];
  }

  /** As many rows as are needed, on the part of the table that is in sight. */
  fitRows() {
    const total = this.order.length;
    const count = Math.min(total, ROWS);
    while (this.rows.length < count) this.rows.push(this.row());
    this.rows.length = count;
    if (this.body.children.length !== count || this.rows[0]?.node !== this.body.firstChild) {
      this.body.replaceChildren(...this.rows.map(({ node }) => node));
    }
    this.first = Math.max(0, Math.min(this.first, total - count));
    this.space();
    if (total > count) this.table.setAttribute("aria-rowcount", total + 1);
    else this.table.removeAttribute("aria-rowcount");
  }

  /** Room of the rows that do not exist now. */
  space() {
    const { row } = this.seen;
    const hidden = [this.first, this.order.length - this.first - this.rows.length];
    [this.above, this.below].forEach((room, k) => {
      room.style.height = `${hidden[k] * row}px`;
    });
  }

  row() {
    const button = html("button", { type: "button", tabindex: -1 });
    const cells = this.data.columns.map(({ kind }) => (kind === "name"
      ? html("th", { role: "rowheader", scope: "row", class: kind }, button)
      : html("td", { role: "cell", class: kind })));
    // Nothing to be read aloud before there is something to read.
    const node = html("tr", { role: "row", "aria-hidden": "true" }, ...cells);
    return { node, cells, button, written: [] };
  }

  /** Asked for seldom, since the browser must lay out the page to answer. */
  measure() {
    const { scrollTop: top, clientHeight: height } = this.box;
    this.seen = { top, height, row: this.rows[0]?.node.offsetHeight || 30 };
  }

  /** Positions in sight: the first, and the one after the last. */
  sight() {
    const { top, height, row } = this.seen;
    return [Math.floor(top / row), Math.ceil((top + height) / row)];
  }

  /** Rows in sight are written at once, the others when the browser has nothing else to do. */
  write() {
    if (!this.order) return;
    const [top, bottom] = this.sight();
    const start = Math.max(0, top - this.first - SPARE);
    const end = Math.min(this.rows.length, bottom - this.first + SPARE);
    const texts = this.writers();
    for (let k = start; k < end; k += 1) this.writeRow(k, texts);
    // The keyboard may be quicker than the rest of the rows.
    const stop = this.current - this.first;
    if (this.rows[stop] && (stop < start || stop >= end)) this.writeRow(stop, texts);
    const turn = this.turn = {};
    let k = 0;
    const rest = () => {
      if (turn !== this.turn) return;
      for (const last = Math.min(k + CHUNK, this.rows.length); k < last; k += 1) {
        if (k < start || k >= end) this.writeRow(k, texts);
      }
      if (k < this.rows.length) idle(rest);
      else this.box.dataset.ready = "";
    };
    delete this.box.dataset.ready;
    clearTimeout(this.resting);
    if (this.live) this.resting = setTimeout(rest, REST);
    else idle(rest);
  }

  /** For each column, what it says of an item. */
  writers() {
    const { data, live } = this;
    const { locale, none, band, percent: nought } = data;
    const unknown = live && !live.lasting && !live.bands ? PENDING : none;
    return data.columns.map((column) => {
      const { kind, decimals, high } = column;
      const say = (write, gap = none) => (item) => {
        const value = this.value(column, item);
        return value === null ? gap : write(value, item);
      };
      if (kind === "name") return say((name) => name);
      if (kind === "band") {
        const upper = (item) =>
          (live && !live.lasting ? live.bands.p95[data.places[item]] : high[item]);
        return say((low, item) => fill(band, { low, high: upper(item) }), unknown);
      }
      if (kind === "top_quarter") return say((share) => percent(share, nought), unknown);
      const { format } = numberFormat(locale, decimals);
      return say((value) => format(value));
    });
  }

  writeRow(k, texts) {
    const row = this.rows[k];
    const position = this.first + k;
    const item = this.order[position];
    const { data } = this;
    if (!row.written.length) row.node.removeAttribute("aria-hidden");
    texts.forEach((text, column) => {
      const words = text(item);
      if (row.written[column] === words) return;
      row.written[column] = words;
      const cell = row.cells[column];
      (cell.firstElementChild ?? cell).textContent = words;
      if (data.columns[column].kind === "top_quarter") {
        cell.style.setProperty("--part", this.value(data.columns[column], item) ?? 0);
      }
    });
    const chosen = data.ids[item] === data.selected;
    if (row.chosen !== chosen) {
      row.chosen = chosen;
      row.node.classList.toggle("chosen", chosen);
      if (chosen) row.button.setAttribute("aria-current", "true");
      else row.button.removeAttribute("aria-current");
    }
    const stop = position === this.current ? 0 : -1;
    if (row.button.tabIndex !== stop) row.button.tabIndex = stop;
    if (this.order.length > this.rows.length) row.node.setAttribute("aria-rowindex", position + 2);
  }

  scrolled() {
    this.measure();
    this.box.classList.toggle("aside", this.box.scrollLeft > 0);
    const [top, bottom] = this.sight();
    const last = this.order.length - this.rows.length;
    const near = top < this.first + SPARE ? this.first > 0
      : bottom > this.first + this.rows.length - SPARE && this.first < last;
    if (near) this.move((top + bottom) / 2);
    else if (!("ready" in this.box.dataset)) this.write();
  }

  /** Let the rows stand around a position. */
  move(position) {
    const last = this.order.length - this.rows.length;
    this.first = Math.max(0, Math.min(Math.round(position - this.rows.length / 2), last));
    this.space();
    this.write();
  }

  /** Scroll to a region that was chosen elsewhere. */
  reveal(id) {
    const position = this.order.findIndex((item) => this.data.ids[item] === id);
    if (position < 0 || this.body.contains(this.focused())) return;
    this.scrollTo(position, (place, room) => place - room / 2);
  }

  /** Scroll as far as a row needs to be in sight, or to where `wanted` has it if it is not. */
  scrollTo(position, wanted = (place, room, top) => (place < top ? place : place - room)) {
    this.measure();
    const { top, height, row } = this.seen;
    const place = position * row;
    const room = height - this.head.offsetHeight - row;
    if (place < top || place > top + room) this.box.scrollTop = wanted(place, room, top);
  }

  focused() {
    return this.box.getRootNode().activeElement;
  }

  /** The one row that the tabulator stops at. */
  stopAt(position) {
    const before = this.rows[this.current - this.first];
    if (before) before.button.tabIndex = -1;
    this.current = position;
    if (!this.rows[position - this.first]) this.move(position);
    this.rows[position - this.first].button.tabIndex = 0;
  }

  press(event) {
    const page = Math.max(1, Math.floor(this.seen.height / this.seen.row) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page,
      Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    this.stopAt(Math.max(0, Math.min(this.current + step, this.order.length - 1)));
    const { button } = this.rows[this.current - this.first];
    button.focus({ preventScroll: true });
    this.scrollTo(this.current);
  }

  /** A person's choice; a second click on the same row takes it back. */
  click(event) {
    const row = this.rows.findIndex(({ node }) => node.contains(event.target));
    // Whoever marks text to copy it does not choose.
    if (row < 0 || String(getSelection())) return;
    this.stopAt(this.first + row);
    const id = this.data.ids[this.order[this.current]];
    this.data = { ...this.data, selected: id === this.data.selected ? null : id };
    this.write();
    this.component.setTriggerValue("selected", this.data.selected);
  }

  destroy() {
    this.leave();
    this.turn = null;
    clearTimeout(this.resting);
    clearTimeout(this.soon);
    this.sizes.disconnect();
    this.box.remove();
  }
}

const idle = (task) => (window.requestIdleCallback
  ? requestIdleCallback(task, { timeout: 500 }) : setTimeout(task));
