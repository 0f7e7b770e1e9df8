/**
 * Small maps, each a button that opens its subject. `component.data` is described in
 * `multiples.py`. Maps are drawn on canvas when they come near the window, so that dozens cost no
 * more than the few in sight.
 */

import { html } from "./dom.js";
import { loadDrawing } from "./geometry.js";
import { mounted } from "./mount.js";
import { link } from "./style.js";

const WIDTH = 124;
const AHEAD = "600px";
const PALE = 0.22;
/* Greys that are seen on light and on dark paper, since a canvas knows no theme. */
const OUTSIDE = "rgb(128 128 128 / 14%)";
const GROUND = "rgb(128 128 128 / 26%)";
const HATCH = "rgb(128 128 128 / 85%)";
const BORDER = "rgb(30 34 38 / 60%)";

const shapes = new WeakMap();

export const render = mounted((root) => new Sheet(root));

/** Outlines of a drawing, made once for all maps. */
function shapesOf(drawing) {
  if (!shapes.has(drawing)) {
    shapes.set(drawing, {
      regions: new Map(drawing.regions.map(({ id, d }) => [id, new Path2D(d)])),
      outlines: new Path2D(drawing.outlines),
    });
  }
  return shapes.get(drawing);
}

/** One path for all regions that look the same: fewer fills, and no seams between neighbours. */
function gathered(codes, dim, paths) {
  const looks = new Map();
  paths.forEach((path, row) => {
    if (!path) return;
    const look = `${codes[row]}${dim[row]}`;
    if (!looks.has(look)) looks.set(look, new Path2D());
    looks.get(look).addPath(path);
  });
  return looks;
}

function hatch(context, scale) {
  const tile = html("canvas", { width: 5, height: 5 });
  const pen = tile.getContext("2d");
  pen.strokeStyle = HATCH;
  pen.lineWidth = 1.2;
  for (const x of [-2.5, 2.5]) {
    pen.moveTo(x, 5);
    pen.lineTo(x + 5, 0);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
}

class Sheet {
  constructor(root) {
    this.box = html("div", { class: "multiples" });
    root.append(this.box);
    link(root, "multiples.css", this.box);
    this.sight = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) if (isIntersecting) this.draw(target);
    }, { rootMargin: AHEAD, scrollMargin: AHEAD });
  }

  update(component) {
    this.component = component;
    const told = JSON.stringify(component.data);
    // Moving a weight reruns the page but changes no map.
    if (told !== this.told) this.show(component.data);
    this.told = told;
  }

  async show(data) {
    this.data = data;
    this.maps = new WeakMap();
    this.sight.disconnect();
    this.box.replaceChildren(...data.groups.flatMap((group) => this.group(group)));
    try {
      const drawing = await loadDrawing(data.geometry_url);
      if (data !== this.data) return;
      this.drawing = drawing;
      const { regions } = shapesOf(drawing);
      this.paths = data.ids.map((id) => regions.get(id));
      for (const canvas of this.box.querySelectorAll("canvas")) this.sight.observe(canvas);
    } catch {
      if (data === this.data) this.box.prepend(html("p", { role: "alert" }, data.texts.error));
    }
  }

  group({ title, maps }) {
    return [html("h2", {}, title),
      html("ul", { "aria-label": title }, ...maps.map((map) => this.tile(map)))];
  }

  tile(map) {
    const canvas = html("canvas", { width: WIDTH, height: Math.round(WIDTH * 1.35) });
    this.maps.set(canvas, map);
    const button = html("button", { type: "button", "data-key": map.key },
      html("strong", {}, map.title), html("span", { class: "facts" }, map.facts),
      html("span", { class: "sheet", "aria-hidden": "true" }, canvas, this.legend(map)));
    button.addEventListener("click", () => this.open(map.key));
    return html("li", {}, button);
  }

  legend({ classes, missing }) {
    const row = (kind, colour, label) => {
      const swatch = html("span", { class: `swatch ${kind}` });
      if (colour) swatch.style.background = colour;
      return html("span", { class: "row" }, swatch, label);
    };
    return html("span", { class: "legend" },
      ...classes.toReversed().map(({ colour, label }) => row("class", colour, label)),
      ...(missing ? [row("missing", null, missing)] : []));
  }

  draw(canvas) {
    this.sight.unobserve(canvas);
    const { width, height } = this.drawing;
    const density = Math.max(1, window.devicePixelRatio);
    const scale = (WIDTH * density) / width;
    canvas.width = Math.round(WIDTH * density);
    canvas.height = Math.ceil(height * scale);
    canvas.style.aspectRatio = `${width} / ${height}`;
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    this.fill(context, this.maps.get(canvas), scale);
    context.strokeStyle = BORDER;
    context.lineWidth = (0.5 * density) / scale;
    context.stroke(shapesOf(this.drawing).outlines);
  }

  fill(context, { codes, classes }, scale) {
    for (const [[code, dim], path] of gathered(codes, this.data.dim, this.paths)) {
      context.globalAlpha = dim === "1" ? PALE : 1;
      const paints = code === "o" ? [OUTSIDE] : code === "m" ? [GROUND, hatch(context, scale)]
        : [classes[Number(code)].colour];
      for (const paint of paints) {
        context.fillStyle = paint;
        context.fill(path);
      }
    }
    context.globalAlpha = 1;
  }

  /** What opens is read from its head, wherever the pressed map was. */
  open(key) {
    for (let node = this.box; node; node = node.parentElement ?? node.getRootNode().host) {
      node.scrollTop = 0;
    }
    this.component.setTriggerValue("opened", key);
  }

  destroy() {
    this.sight.disconnect();
    this.box.remove();
  }
}
