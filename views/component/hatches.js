/** Fills that are more than a colour: hatched for missing values and for uncertain classes. */

import { svg } from "./dom.js";

const STEP = 4.5;
const LINE = { missing: 0.9, doubt: 1.25 };

const hatch = (id, kind) => svg("pattern", {
  id, class: `hatch ${kind}`, width: STEP, height: STEP, patternUnits: "userSpaceOnUse",
}, svg("rect", { class: "ground", width: STEP, height: STEP }),
svg("rect", { class: "line", width: LINE[kind], height: STEP }));

export class Hatches {
  constructor(prefix) {
    this.prefix = prefix;
    this.defs = svg("defs", {}, hatch(`${prefix}-missing`, "missing"));
    this.colours = [];
    this.scale = 1;
  }

  /** One hatch per class, in the colour of the class, so that doubt costs no element per region. */
  recolour(colours) {
    colours.forEach((colour, index) => {
      if (colour === this.colours[index]) return;
      const pattern = this.defs.children[index + 1] ?? this.add(index);
      pattern.firstElementChild.style.fill = colour;
    });
    this.colours = colours;
  }

  add(index) {
    const pattern = hatch(`${this.prefix}-doubt-${index}`, "doubt");
    this.defs.append(pattern);
    this.turn(pattern);
    return pattern;
  }

  /** Keep the lines equally fine on the screen whatever the zoom. */
  rescale(unitsPerPixel) {
    if (unitsPerPixel === this.scale) return;
    this.scale = unitsPerPixel;
    for (const pattern of this.defs.children) this.turn(pattern);
  }

  turn(pattern) {
    const angle = pattern.classList.contains("missing") ? -45 : 45;
    pattern.setAttribute("patternTransform", `scale(${this.scale.toFixed(3)}) rotate(${angle})`);
  }

  /** CSS paint of a class: -1 is missing, -2 is outside the selection. */
  paint(index, doubtful) {
    if (index === -1) return `url(#${this.prefix}-missing)`;
    if (index < 0) return "var(--atlas-outside)";
    return doubtful ? `url(#${this.prefix}-doubt-${index})` : this.colours[index];
  }
}
