/** The regions as SVG paths, one element each: for up to about a thousand regions. */

import { svg } from "./dom.js";
import { Hatches } from "./hatches.js";

export class SvgGround {
  /**
   * @param {{id: string, d: string}[]} regions
   * @param {string} prefix of ids, so that several maps may stand in one page
   * @param {Record<string, string>} naming ARIA attributes of the list of regions
   */
  constructor(regions, prefix, naming) {
    this.painted = regions.map(() => ({}));
    this.paths = regions.map(({ d }, index) =>
      svg("path", { class: "region", d, role: "option", tabindex: -1, "data-index": index }));
    this.hatches = new Hatches(prefix);
    // Some browsers let the tabulator stop at a drawing that listens; its regions are the stop.
    this.node = svg("svg", { class: "ground", tabindex: -1 }, this.hatches.defs,
      svg("g", { role: "listbox", ...naming }, ...this.paths));
  }

  /** Show another cut of the drawing. */
  show(box, unitsPerPixel) {
    this.node.setAttribute("viewBox", box);
    this.hatches.rescale(unitsPerPixel);
  }

  /** Colours of the classes; regions are painted afterwards. */
  recolour(colours) {
    this.hatches.recolour(colours);
  }

  /** Only what differs from before is touched. */
  paint(index, { cls, doubtful, dim, name }) {
    const [was, path] = [this.painted[index], this.paths[index]];
    const fill = this.hatches.paint(cls, doubtful);
    if (fill !== was.fill) path.style.fill = was.fill = fill;
    if (dim !== (was.dim ?? false)) path.classList.toggle("dim", was.dim = dim);
    if (name !== was.name) path.setAttribute("aria-label", was.name = name);
  }

  /** All regions have been painted. */
  finish() {}

  /** Index of the region under the pointer, -1 for none. */
  under({ target }) {
    return Number(target.dataset.index ?? -1);
  }

  /** Index of the region that has the focus, -1 for none. */
  focused(target) {
    return this.paths.indexOf(target);
  }

  focus(index) {
    this.paths[index].focus({ preventScroll: true });
  }

  /** Move the one tab stop of the map. */
  tabStop(from, to) {
    this.paths[from]?.setAttribute("tabindex", -1);
    this.paths[to].setAttribute("tabindex", 0);
  }

  select(from, to) {
    this.paths[from]?.removeAttribute("aria-selected");
    this.paths[to]?.setAttribute("aria-selected", "true");
  }
}
