/** The visible cut of the drawing: the viewBox, zoomed and panned within bounds. */

const DEEPEST = 12;
const MARGIN = 0.012;

export class Viewport {
  /** @param {() => void} changed called after every change of the visible cut */
  constructor(svg, drawing, changed) {
    const margin = MARGIN * drawing.height;
    this.svg = svg;
    this.changed = changed;
    this.whole = {
      x: -margin, y: -margin, width: drawing.width + 2 * margin, height: drawing.height + 2 * margin,
    };
    this.reset();
  }

  get depth() {
    return this.whole.width / this.box.width;
  }

  get unitsPerPixel() {
    const { width, height } = this.svg.getBoundingClientRect();
    return Math.max(this.box.width / (width || 1), this.box.height / (height || 1));
  }

  reset() {
    this.show({ ...this.whole });
  }

  /** Zoom by a factor so that the map point `centre` stays where it is on the screen. */
  zoom(factor, centre = this.middle()) {
    const depth = Math.min(DEEPEST, Math.max(1, this.depth * factor));
    const ratio = this.depth / depth;
    this.show({
      x: centre.x - (centre.x - this.box.x) * ratio,
      y: centre.y - (centre.y - this.box.y) * ratio,
      width: this.whole.width / depth,
      height: this.whole.height / depth,
    });
  }

  pan(pixelsX, pixelsY) {
    const scale = this.unitsPerPixel;
    const { x, y } = this.box;
    this.show({ ...this.box, x: x - pixelsX * scale, y: y - pixelsY * scale });
  }

  /** Move, without zooming, so that a point that lies outside comes to the middle. */
  reveal({ x, y }) {
    const { box } = this;
    const inside = x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
    if (!inside) this.show({ ...box, x: x - box.width / 2, y: y - box.height / 2 });
  }

  toMap({ clientX, clientY }) {
    return new DOMPoint(clientX, clientY).matrixTransform(this.svg.getScreenCTM().inverse());
  }

  toScreen({ x, y }) {
    return new DOMPoint(x, y).matrixTransform(this.svg.getScreenCTM());
  }

  middle() {
    const { x, y, width, height } = this.box;
    return { x: x + width / 2, y: y + height / 2 };
  }

  show(box) {
    const { whole } = this;
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
    this.box = {
      ...box,
      x: clamp(box.x, whole.x, whole.x + whole.width - box.width),
      y: clamp(box.y, whole.y, whole.y + whole.height - box.height),
    };
    const { x, y, width, height } = this.box;
    this.svg.setAttribute("viewBox", [x, y, width, height].map((n) => n.toFixed(1)).join(" "));
    this.changed();
  }
}
