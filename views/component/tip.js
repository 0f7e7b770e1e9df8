/** The tooltip: one box that follows pointer or focus and never leaves the frame of the map. */

import { html } from "./dom.js";

const AWAY = 14;
const EDGE = 4;

/** Beside the point if there is room, else on its other side, and always inside. */
const fit = (point, size, room) => {
  const after = point + AWAY;
  const wanted = after + size + EDGE <= room ? after : point - AWAY - size;
  return Math.max(EDGE, Math.min(wanted, room - size - EDGE));
};

export class Tip {
  constructor(frame) {
    this.frame = frame;
    this.box = html("div", { class: "tip", "aria-hidden": "true", hidden: "" });
    frame.append(this.box);
    this.lines = null;
  }

  /** Show lines of plain text, the first as the title, beside a point of the screen. */
  show(lines, screen) {
    this.screen = screen;
    if (lines !== this.lines) {
      this.box.replaceChildren(...lines.map((line, index) =>
        html(index ? "p" : "strong", {}, line)));
      this.lines = lines;
    }
    this.box.hidden = false;
    const frame = this.frame.getBoundingClientRect();
    const left = fit(screen.x - frame.left, this.box.offsetWidth, frame.width);
    const top = fit(screen.y - frame.top, this.box.offsetHeight, frame.height);
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  /** Other lines at the same place. */
  renew(lines) {
    this.show(lines, this.screen);
  }

  get isShown() {
    return !this.box.hidden;
  }

  hide() {
    this.box.hidden = true;
  }
}
