/**
 * Choropleth map: `render(component)` draws once and afterwards only recolours.
 *
 * `component` is what Streamlit hands to a component: `data` (described in `map_component.py`),
 * `parentElement` (a shadow root or any element) and `setTriggerValue`. A page that brings its own
 * copy of the stylesheet marks it with `data-atlas-css`; otherwise it is linked from beside here.
 */

import { CanvasGround } from "./canvas_ground.js";
import { html, svg } from "./dom.js";
import { loadDrawing } from "./geometry.js";
import { listen } from "./gestures.js";
import { legend, legendKey } from "./legend.js";
import { Tip } from "./tip.js";
import { Viewport } from "./viewport.js";
import { attend, detach } from "./live.js";
import { mounted } from "./mount.js";
import { link } from "./style.js";
import { SvgGround } from "./svg_ground.js";
import { isArrow, meant, neighbour } from "./walk.js";

const ZOOM_STEP = 1.6;
/** More regions than this are drawn on a canvas. */
const MANY = 1_000;
let made = 0;

export const render = mounted((root) => new MapView(root));

const marker = (kind) =>
  svg("g", { class: `marker ${kind}` }, svg("path", { class: "halo" }), svg("path", { class: "line" }));

class MapView {
  constructor(root) {
    this.prefix = `atlas${made += 1}`;
    this.ending = new AbortController();
    this.title = html("p", { class: "title", id: `${this.prefix}-title` });
    this.summary = html("p", { class: "unseen", id: `${this.prefix}-summary` });
    this.said = html("div", { class: "unseen", role: "status", "aria-live": "polite" });
    this.frame = html("div", { class: "frame" });
    this.legend = html("div", { class: "legend" });
    this.hint = html("p", { class: "hint" });
    this.figure = html("div", { class: "atlas" }, this.title, this.summary,
      html("div", { class: "sheet" }, html("div", { class: "room" }, this.frame), this.legend),
      this.hint, this.said);
    this.root = root;
    root.append(this.figure);
    link(root, "map.css", this.figure);
  }

  update(component) {
    this.component = component;
    this.data = component.data;
    const { title, description, texts, height, geometry_url: url } = this.data;
    this.title.textContent = title;
    this.summary.textContent = description;
    this.hint.textContent = texts.hint ?? "";
    this.frame.style.setProperty("--atlas-height", `${height}px`);
    this.followed = null;
    if (url !== this.url) this.open(url);
    else if (this.regions) { this.paint(); this.renewTip(); }
    attend(this, this.data.live);
  }

  async open(url) {
    this.url = url;
    this.regions = null;
    this.frame.replaceChildren(html("p", { class: "notice" }, this.data.texts.loading));
    try {
      const drawing = await loadDrawing(url);
      if (this.url === url && !this.ending.signal.aborted) this.draw(drawing);
    } catch {
      if (this.url === url) this.fail();
    }
  }

  fail() {
    const { texts } = this.data;
    const again = html("button", { type: "button" }, texts.retry);
    again.onclick = () => this.open(this.url);
    this.frame.replaceChildren(
      html("div", { class: "notice", role: "alert" }, html("p", {}, texts.error), again));
  }

  draw(drawing) {
    this.regions = drawing.regions;
    this.index = new Map(this.regions.map(({ id }, index) => [id, index]));
    this.current = -1;
    this.chosen = -1;
    this.marked = {};
    this.viewport = null;
    this.markers = { hovered: marker("hovered"), selected: marker("selected"),
      focused: marker("focused") };
    const Ground = this.regions.length > MANY ? CanvasGround : SvgGround;
    this.ground = new Ground(this.regions, this.prefix, {
      "aria-labelledby": this.title.id, "aria-describedby": this.summary.id });
    // Lines lie on a layer of their own, so that a recolouring need not paint them again.
    this.lineLayer = svg("svg", { class: "lines", "aria-hidden": "true" },
      svg("path", { class: "outlines halo", d: drawing.outlines }),
      svg("path", { class: "outlines line", d: drawing.outlines }),
      svg("g", { class: "markers" }, ...Object.values(this.markers)));
    this.frame.style.setProperty("--atlas-ratio", String(drawing.height / drawing.width));
    this.frame.replaceChildren(this.ground.node, this.lineLayer, this.buttons());
    this.tip = new Tip(this.frame);
    this.viewport = new Viewport(this.lineLayer, drawing, () => this.moved());
    this.moved();
    this.wire();
    this.paint();
  }

  buttons() {
    const button = (name, sign, action) => {
      const node = html("button", { type: "button", class: name }, sign);
      node.onclick = action;
      return node;
    };
    this.controls = {
      zoom_in: button("zoom_in", "+", () => this.viewport.zoom(ZOOM_STEP)),
      zoom_out: button("zoom_out", "−", () => this.viewport.zoom(1 / ZOOM_STEP)),
      zoom_reset: button("zoom_reset", "↺", () => this.viewport.reset()),
    };
    return html("div", { class: "buttons" }, ...Object.values(this.controls));
  }

  wire() {
    const { signal } = this.ending;
    const { node } = this.ground;
    const on = (type, action) => node.addEventListener(type, action, { signal });
    const dragged = listen(node, this.viewport, { signal });
    on("click", (event) => { if (!dragged()) this.select(this.under(event)); });
    on("pointermove", (event) => { if (event.pointerType !== "touch") this.hover(event); });
    on("pointerleave", () => this.leave());
    on("keydown", (event) => this.press(event));
    on("focusin", (event) => this.focus(event.target));
    on("focusout", () => { this.mark("focused", -1); this.tip.hide(); });
    this.sizes?.disconnect();
    this.sizes = new ResizeObserver(() => this.moved());
    this.sizes.observe(node);
  }

  moved() {
    if (!this.viewport) return;
    this.ground.show(this.lineLayer.getAttribute("viewBox"), this.viewport.unitsPerPixel);
    this.ground.node.classList.toggle("zoomed", this.viewport.depth > 1);
    this.controls.zoom_out.disabled = this.viewport.depth <= 1;
    this.controls.zoom_reset.disabled = this.viewport.depth <= 1;
    this.tip.hide();
  }

  /** Bring colours, names, legend and selection up to date; only what differs is touched. */
  paint() {
    const { data } = this;
    this.ground.recolour(data.classes.map(({ colour }) => colour));
    this.row = new Map(data.ids.map((id, row) => [id, row]));
    this.regions.forEach(({ id }, index) => {
      const row = this.row.get(id);
      this.ground.paint(index, { cls: data.cls[row] ?? -2, doubtful: data.doubt?.[row] ?? false,
        dim: data.dim[row] ?? false, name: data.tips[row]?.[0] ?? id });
    });
    this.ground.finish();
    this.paintLegend();
    for (const [name, node] of Object.entries(this.controls)) {
      node.setAttribute("aria-label", data.texts[name]);
      node.title = data.texts[name];
    }
    this.choose(this.index.get(data.selected) ?? -1);
    if (data.announce && data.announce !== this.announced) this.say(data.announce);
    this.announced = data.announce;
  }

  paintLegend() {
    const key = legendKey(this.data);
    if (key === this.legendKey) return;
    this.legendKey = key;
    this.legend.replaceChildren(...legend(this.data));
  }

  lines(index) {
    const row = this.row.get(this.regions[index].id);
    const told = this.data.tips[row];
    if (!told) return [this.regions[index].id];
    return this.followed ? this.followed(row, told) : told;
  }

  /** Take over classes that were worked out here, while the server does not know of them yet. */
  follow({ lines, ...change }) {
    if (!this.regions) return;
    this.followed = lines;
    this.data = { ...this.data, ...change };
    this.paint();
    this.renewTip();
  }

  /** A tip that is open says what has changed meanwhile. */
  renewTip() {
    const index = Math.max(this.marked.hovered ?? -1, this.marked.focused ?? -1);
    if (index >= 0 && this.tip.isShown) this.tip.renew(this.lines(index));
  }

  under(event) {
    const { viewport } = this;
    const under = this.ground.under(event);
    return meant(
      this.regions, under, viewport.toMap(event), viewport.unitsPerPixel, event.pointerType);
  }

  hover(event) {
    const index = event.buttons ? -1 : this.under(event);
    this.mark("hovered", index);
    this.ground.node.classList.toggle("over", index >= 0);
    if (index < 0) this.tip.hide();
    else this.tip.show(this.lines(index), { x: event.clientX, y: event.clientY });
  }

  leave() {
    this.mark("hovered", -1);
    this.tip.hide();
  }

  /** Focus moves the one tab stop; the name is read by the focus itself, the rest is said. */
  focus(target) {
    const index = this.ground.focused(target);
    // Some browsers give the focus to the drawing itself when its empty part is clicked.
    if (index < 0) return;
    this.tabStop(index);
    if (!target.matches(":focus-visible")) return;
    this.viewport.reveal(this.regions[index]);
    this.mark("focused", index);
    this.tip.show(this.lines(index), this.viewport.toScreen(this.regions[index]));
    this.say(this.lines(index).slice(1).join(". "));
  }

  press(event) {
    const { key } = event;
    const last = this.regions.length - 1;
    if (isArrow(key)) this.walk(neighbour(this.regions, this.current, key));
    else if (key === "Home" || key === "End") this.walk(key === "Home" ? 0 : last);
    else if (key === "Enter" || key === " ") this.select(this.current);
    else if (key === "Escape") this.select(-1);
    else if (key === "+" || key === "-") {
      this.viewport.zoom(key === "+" ? ZOOM_STEP : 1 / ZOOM_STEP, this.regions[this.current]);
    } else return;
    event.preventDefault();
  }

  walk(index) {
    this.ground.focus(index);
  }

  tabStop(index) {
    if (index === this.current) return;
    this.ground.tabStop(this.current, index);
    this.current = index;
  }

  /** A person's choice: shown at once, reported to the server. -1 clears. */
  select(index) {
    if (index < 0) this.tip.hide();
    if (index === this.chosen) return;
    this.choose(index);
    this.component.setTriggerValue("selected", index < 0 ? null : this.regions[index].id);
  }

  choose(index) {
    if (this.current < 0) this.tabStop(Math.max(0, index));
    if (index === this.chosen) return;
    this.ground.select(this.chosen, index);
    if (index >= 0) this.tabStop(index);
    this.chosen = index;
    this.mark("selected", index);
  }

  mark(kind, index) {
    if (this.marked[kind] === index) return;
    this.marked[kind] = index;
    for (const path of this.markers[kind].children) {
      path.setAttribute("d", this.regions[index]?.d ?? "");
    }
  }

  say(words) {
    this.said.textContent = words;
  }

  destroy() {
    this.ending.abort();
    detach(this);
    this.sizes?.disconnect();
    this.figure.remove();
  }
}
