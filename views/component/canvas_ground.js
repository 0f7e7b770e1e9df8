/**
 * The regions on a canvas: for many thousands of regions, where an element each would be too slow.
 *
 * Which region covers which pixel is worked out once for each cut of the drawing. A recolouring
 * looks up the colour of every pixel, and takes as long for 10,000 regions as for one.
 */

import { html } from "./dom.js";
import { rasterise, ringsOf } from "./raster.js";

/** Pixels per CSS pixel at most: finer screens show no finer map, only a slower one. */
const FINEST = 2;
/** Hatching in CSS pixels, as in `hatches.js`. */
const STEP = 4.5;
const LINE = { missing: 0.9, doubt: 1.25 };
/** Opacities, as in `map.css`: of what is dimmed, of a line of doubt; and what a border leaves. */
const DIMMED = 0.22;
const LINE_COVERS = 0.8;
const BORDER = 0.6;
/** CSS pixels that a region has on average, from which on borders between regions are drawn. */
const ROOM = 60;

export class CanvasGround {
  /** Takes what `SvgGround` takes. */
  constructor(regions, prefix, naming) {
    this.shapes = regions.map(({ d }) => ringsOf(d));
    this.states = regions.map(() => ({ cls: -2, doubtful: false, dim: false, name: "" }));
    this.canvas = html("canvas", { "aria-hidden": "true" });
    this.option = html("div", { role: "option", id: `${prefix}-option`, class: "unseen" });
    this.node = html("div", { class: "ground", role: "listbox", tabindex: 0,
      "aria-activedescendant": this.option.id, ...naming }, this.canvas, this.option);
    this.pen = this.canvas.getContext("2d");
    this.colours = [];
    this.current = 0;
    this.chosen = -1;
  }

  show(box, unitsPerPixel) {
    const [x, y, width, height] = box.split(" ").map(Number);
    const { clientWidth, clientHeight } = this.node;
    if (!clientWidth || !clientHeight) return;
    this.density = Math.min(FINEST, devicePixelRatio);
    const scale = unitsPerPixel / this.density;
    const [wide, high] = [clientWidth, clientHeight].map((n) => Math.round(n * this.density));
    // The cut lies in the middle, as in an SVG drawing of other proportions than its frame.
    const cut = { x: x - (wide * scale - width) / 2, y: y - (high * scale - height) / 2, scale };
    const key = [cut.x, cut.y, scale, wide, high].join();
    if (key === this.key) return;
    this.key = key;
    Object.assign(this.canvas, { width: wide, height: high });
    this.image = this.pen.createImageData(wide, high);
    this.cells = rasterise(this.shapes, cut, wide, high);
    const seen = new Set(this.cells).size;
    const roomy = clientWidth * clientHeight > seen * ROOM;
    this.edges = roomy ? edgesOf(this.cells, wide) : new Uint8Array(this.cells.length);
    this.finish();
  }

  recolour(colours) {
    this.colours = colours;
  }

  paint(index, state) {
    this.states[index] = state;
  }

  finish() {
    this.name();
    if (!this.cells) return;
    const { cells, edges, image, density, states } = this;
    const { width } = this.canvas;
    const styles = this.styles();
    const pixels = new Uint32Array(image.data.buffer);
    const slant = Math.SQRT2 * density;
    for (let at = 0; at < cells.length; at += 1) {
      const region = cells[at];
      if (region < 0) continue;
      const { plain, border, line, width: thick, turn } = styles[region];
      if (edges[at]) pixels[at] = border;
      else if (!thick) pixels[at] = plain;
      else {
        const along = (at % width) + turn * Math.floor(at / width) + cells.length;
        pixels[at] = along % (STEP * slant) < thick * slant ? line : plain;
      }
    }
    this.pen.putImageData(image, 0, 0);
    this.node.dispatchEvent(new Event("painted"));
  }

  under(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const { width, height } = this.canvas;
    const x = Math.floor((event.clientX - left) * this.density);
    const y = Math.floor((event.clientY - top) * this.density);
    const inside = x >= 0 && y >= 0 && x < width && y < height;
    return inside && this.cells ? this.cells[y * width + x] : -1;
  }

  focused(target) {
    return target === this.node ? this.current : -1;
  }

  focus(index) {
    this.tabStop(this.current, index);
    this.node.focus({ preventScroll: true });
    this.node.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
  }

  tabStop(from, to) {
    this.current = Math.max(0, to);
    this.name();
  }

  select(from, to) {
    this.chosen = to;
    this.name();
  }

  /** The option stands for the region that has the tab stop. */
  name() {
    this.option.setAttribute("aria-label", this.states[this.current].name);
    this.option.setAttribute("aria-selected", String(this.current === this.chosen));
  }

  /** How each region is painted; regions of one state share a style. */
  styles() {
    const made = new Map();
    const look = getComputedStyle(this.node);
    const named = (name) => rgb(look.getPropertyValue(name), this.node);
    const ground = named("--ground");
    const fixed = { missing: named("--atlas-missing"), line: named("--atlas-missing-line"),
      outside: named("--atlas-outside") };
    const colours = this.colours.map((colour) => rgb(colour, this.node));
    const make = ({ cls, doubtful, dim }) => {
      const plain = cls === -1 ? fixed.missing : colours[cls] ?? fixed.outside;
      const pale = (colour) => pack(dim ? mix(colour, ground, DIMMED) : colour);
      const kind = cls === -1 ? "missing" : doubtful && cls >= 0 ? "doubt" : null;
      return {
        plain: pale(plain), border: pale(mix(plain, ground, BORDER)),
        line: pale(cls === -1 ? fixed.line : mix(ground, plain, LINE_COVERS)),
        width: LINE[kind] ?? 0, turn: kind === "missing" ? 1 : -1,
      };
    };
    return this.states.map((state) => {
      const key = `${state.cls} ${state.doubtful} ${state.dim}`;
      if (!made.has(key)) made.set(key, make(state));
      return made.get(key);
    });
  }
}

/** Pixels at the right or lower end of a region, where a neighbour begins. */
function edgesOf(cells, width) {
  const edges = new Uint8Array(cells.length);
  for (let at = 0; at < cells.length; at += 1) {
    const [own, right, below] = [cells[at], cells[at + 1], cells[at + width]];
    edges[at] = Number((right >= 0 && right !== own) || (below >= 0 && below !== own));
  }
  return edges;
}

const swatch = new Map();
let tester = null;

/** Red, green and blue of any CSS colour, as the element would show it. */
function rgb(colour, node) {
  node.style.color = colour;
  const computed = getComputedStyle(node).color;
  node.style.color = "";
  if (!swatch.has(computed)) {
    tester ??= html("canvas", { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
    tester.fillStyle = computed;
    tester.fillRect(0, 0, 1, 1);
    swatch.set(computed, [...tester.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
  }
  return swatch.get(computed);
}

const mix = (over, under, share) => over.map((x, k) => x * share + under[k] * (1 - share));

/** As a canvas holds a pixel: blue, green and red above each other, opaque. */
const pack = ([red, green, blue]) =>
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
