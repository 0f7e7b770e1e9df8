/**
 * One weight of one layer: a slider with its factor and its share, which moves the map live.
 *
 * `component.data` is described in `weight_slider.py`. While the slider moves, only the browser
 * works; the server is told when the hand lets go, or shortly after the last key.
 */

import { html } from "./dom.js";
import { join, move, rest } from "./live.js";
import { mounted } from "./mount.js";
import { link } from "./style.js";
import { numberFormat } from "./writing.js";

const AFTER_KEY = 250;

export const render = mounted((root) => new WeightView(root));

class WeightView {
  constructor(root) {
    this.input = html("input", { type: "range", min: 0, step: 1 });
    this.factor = html("span", { class: "factor", "aria-hidden": "true" });
    this.part = html("span", { class: "share", "aria-hidden": "true" });
    this.box = html("div", { class: "weight" }, this.input, this.factor, this.part);
    root.append(this.box);
    link(root, "weights.css", this.box);
    this.input.addEventListener("input", () => {
      this.moved = this.touched = true;
      this.show();
      move();
    });
    this.input.addEventListener("change", () => this.tell());
    this.input.addEventListener("pointerdown", () => { this.held = true; });
    for (const end of ["pointerup", "pointercancel"]) {
      this.input.addEventListener(end, () => {
        this.held = false;
        rest();
        this.tell();
      });
    }
  }

  update(component) {
    this.component = component;
    const before = this.data && this.value;
    const { layer, label, steps, value, share } = this.data = component.data;
    this.leave?.();
    this.leave = join(layer, this);
    this.input.max = steps.length - 1;
    this.input.setAttribute("aria-label", label);
    // An answer that is older than the hand must not pull the slider back.
    const busy = this.held || this.waiting || (this.moved && value !== this.told);
    if (!busy) {
      this.moved = false;
      if (value !== before) this.touched = false;
      this.input.value = steps.indexOf(value);
    }
    this.show();
    if (!busy) this.share(share);
  }

  get value() {
    return this.data.steps[Number(this.input.value)];
  }

  show() {
    this.factor.textContent = this.data.factors[Number(this.input.value)];
    this.box.style.setProperty("--filled", Number(this.input.value) / Number(this.input.max));
    this.name();
  }

  /** Share in percent, as the layers together have it. */
  share(percent) {
    const { locale, off } = this.data;
    const format = numberFormat(locale, 1, "percent");
    this.part.textContent = percent > 0 ? format.format(percent / 100) : off;
    this.name();
  }

  name() {
    const words = `${this.factor.textContent}, ${this.part.textContent}`;
    this.input.setAttribute("aria-valuetext", words);
  }

  tell() {
    clearTimeout(this.waiting);
    if (this.held) return;
    this.waiting = setTimeout(() => {
      this.waiting = null;
      if (this.value === this.told && !this.moved) return;
      this.told = this.value;
      // The time tells it from the same value told before, after which the weight was changed back.
      this.component.setStateValue("told", { value: this.value, at: Date.now() });
    }, this.held === false ? 0 : AFTER_KEY);
  }

  destroy() {
    clearTimeout(this.waiting);
    this.leave?.();
    this.box.remove();
  }
}
