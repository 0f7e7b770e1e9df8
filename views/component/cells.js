/**
 * Cells of one area as a picture, with borders, stations and names over it. Pointer and arrow keys
 * read single cells where their values came along. `component.data` is described in `cells.py`.
 */

import { html, svg } from "./dom.js";
import { mounted } from "./mount.js";
import { link } from "./style.js";
import { fill, numberFormat } from "./writing.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/* How much worse it is to lie aside than farther along. */
const ASIDE = 2;
const UNKNOWN = 65_535;
const LENGTHS = [1, 2, 5, 10, 20, 50, 100];
/* Room between two names, in pixels. */
const APART = 8;
/* Share of the width that the scale bar may take. */
const BAR = 0.2;

export const render = mounted((root) => new CellView(root));

class CellView {
  constructor(root) {
    this.frame = html("div", { class: "frame" });
    this.said = html("p", { class: "said", role: "status", "aria-live": "polite" });
    this.hint = html("p", { class: "hint", id: "hint" });
    this.box = html("div", { class: "cells" }, this.frame, this.said, this.hint);
    root.append(this.box);
    link(root, "cells.css", this.box);
    this.frame.addEventListener("pointermove", (event) => this.point(event));
    this.frame.addEventListener("pointerdown", (event) => this.point(event));
    this.frame.addEventListener("pointerleave", () => {
      if (!this.frame.matches(":focus")) this.read(-1);
    });
    this.frame.addEventListener("keydown", (event) => this.walk(event));
    this.frame.addEventListener("blur", () => this.read(-1));
    this.watch = new ResizeObserver(() => this.arrange());
    this.watch.observe(this.frame);
  }

  update(component) {
    const told = JSON.stringify(component.data);
    if (told !== this.told) this.show(component.data);
    this.told = told;
  }

  show(data) {
    this.data = data;
    this.values = data.values.map((one) => ({ ...one, numbers: numbers(one.numbers) }));
    [this.columns, this.rows] = data.places.map(numbers);
    this.where = new Map(Array.from(this.columns, (column, at) => [key(column, this.rows[at]), at]));
    const { width, height } = data;
    this.frame.style.aspectRatio = `${width} / ${height}`;
    this.frame.style.setProperty("--ratio", width / height);
    const readable = this.columns.length > 0;
    this.box.classList.toggle("wide", !readable);
    const attributes = {
      role: readable ? "application" : "img",
      "aria-label": data.texts.alt,
      ...(readable ? { tabindex: "0", "aria-describedby": "hint",
        "aria-roledescription": data.texts.role } : {}),
    };
    for (const name of ["role", "tabindex", "aria-describedby", "aria-roledescription"])
      this.frame.removeAttribute(name);
    for (const [name, value] of Object.entries(attributes)) this.frame.setAttribute(name, value);
    this.mark = svg("g", { visibility: "hidden" }, ...["halo", "mark"].map((kind) =>
      svg("rect", { class: kind, width: 1, height: 1 })));
    this.names = data.labels.map((one) => name(one, width, height));
    this.groups = data.groups.map(([x, y], at) => {
      const node = html("span", { class: "group" }, `${at + 1}`);
      place(node, x / width, y / height);
      return node;
    });
    this.frame.replaceChildren(
      this.lines("ground", svg("path", { d: data.ground, "fill-rule": "evenodd" })),
      html("img", { src: data.image, alt: "", draggable: "false" }),
      this.lines("lines", svg("path", { class: "border", d: data.borders }),
        svg("path", { class: "outline", d: data.outline }),
        svg("path", { class: "rim", d: data.dots }), svg("path", { class: "dot", d: data.dots }),
        this.mark),
      this.scale(),
      html("div", { class: "names", "aria-hidden": "true" },
        ...this.names, ...this.groups));
    this.hint.textContent = readable ? data.texts.hint : data.texts.hint_land;
    this.read(-1);
    this.arrange();
  }

  lines(kind, ...parts) {
    const { width, height } = this.data;
    return svg("svg", { class: kind, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
      ...parts);
  }

  /** A bar of a round number of km; a cell is one km wide. */
  scale() {
    const { width, texts } = this.data;
    const long = LENGTHS.findLast((one) => one <= width * BAR) ?? LENGTHS[0];
    const bar = html("div", { class: "scale" }, html("i", {}), fill(texts.scale, { value: long }));
    bar.style.setProperty("--bar", `${long / width * 100}cqi`);
    return bar;
  }

  /** Names in the order of their weight; one that would lie on another is left out. */
  arrange() {
    const edge = this.frame.getBoundingClientRect();
    if (!edge.width || !this.names) return;
    const taken = this.groups.map((node) => node.getBoundingClientRect());
    for (const node of this.names) {
      node.hidden = false;
      node.classList.remove("left");
      let [mark, word] = boxes(node);
      if (word.right > edge.right) {
        node.classList.add("left");
        [mark, word] = boxes(node);
      }
      const outside = word.left < edge.left || word.right > edge.right;
      node.hidden = outside || taken.some((one) => meet(one, word) || meet(one, mark));
      if (!node.hidden) taken.push(mark, word);
    }
  }

  point(event) {
    const edge = this.frame.getBoundingClientRect();
    const column = Math.floor((event.clientX - edge.left) / edge.width * this.data.width);
    const row = Math.floor((event.clientY - edge.top) / edge.height * this.data.height);
    this.read(this.where.get(key(column, row)) ?? -1);
  }

  walk(event) {
    const step = STEPS[event.key];
    if (!step || !this.columns.length) return;
    event.preventDefault();
    this.read(this.at < 0 ? this.middle() : this.next(step));
  }

  /** The cell nearest to the middle of the picture. */
  middle() {
    const { width, height } = this.data;
    return this.least((column, row) => Math.hypot(column - width / 2, row - height / 2));
  }

  next([right, down]) {
    const from = [this.columns[this.at], this.rows[this.at]];
    const found = this.least((column, row) => {
      const along = (column - from[0]) * right + (row - from[1]) * down;
      const aside = Math.abs((column - from[0]) * down + (row - from[1]) * right);
      return along > 0 && aside <= along ? along + ASIDE * aside : Infinity;
    });
    return found < 0 ? this.at : found;
  }

  least(cost) {
    let best = Infinity;
    let found = -1;
    this.columns.forEach((column, at) => {
      const one = cost(column, this.rows[at]);
      if (one < best) [best, found] = [one, at];
    });
    return found;
  }

  read(at) {
    if (at === this.at && this.mark?.isConnected) return;
    this.at = at;
    this.mark.setAttribute("visibility", at < 0 ? "hidden" : "visible");
    this.said.textContent = at < 0 ? "" : this.words(at);
    if (at < 0) return;
    this.mark.setAttribute("transform", `translate(${this.columns[at]} ${this.rows[at]})`);
  }

  words(at) {
    const { locale } = this.data;
    return this.values.map(({ label, numbers: all, scale, decimals }) => {
      const format = numberFormat(locale, decimals);
      return fill(label, { value: all[at] === UNKNOWN ? "–" : format.format(all[at] * scale) });
    }).join(" · ");
  }

  destroy() {
    this.watch.disconnect();
    this.box.remove();
  }
}

function name([text, x, y, isMajor], width, height) {
  const node = html("span", { class: isMajor ? "place major" : "place" },
    html("i", {}), html("b", {}, text));
  place(node, x / width, y / height);
  return node;
}

function place(node, x, y) {
  node.style.left = `${x * 100}%`;
  node.style.top = `${y * 100}%`;
}

const boxes = (node) => [...node.children].map((part) => part.getBoundingClientRect());

const meet = (a, b) => a.left < b.right + APART && b.left < a.right + APART
  && a.top < b.bottom && b.top < a.bottom;

const key = (column, row) => row * 65_536 + column;

/** Whole numbers, two bytes each, the lower first, in base64. */
function numbers(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Uint16Array(bytes.buffer);
}
