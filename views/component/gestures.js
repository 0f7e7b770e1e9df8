/** Wheel, drag and pinch on the map, turned into zooming and panning of a viewport. */

const DRAG_FROM = 4;
const WHEEL_STEP = 0.0022;

const distance = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
const between = ([a, b]) => ({
  clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2,
});

/**
 * Listen on the drawing. The plain wheel is left to the page, which scrolls; with Ctrl it zooms.
 * Returns a function that says whether the last press was a drag, so that it is no click.
 */
export function listen(svg, viewport, { signal }) {
  const pressed = new Map();
  let dragged = false;

  const pinch = (event) => {
    const before = [...pressed.values()];
    pressed.set(event.pointerId, event);
    const after = [...pressed.values()];
    const [from, to] = [between(before), between(after)];
    viewport.zoom(distance(after) / (distance(before) || 1), viewport.toMap(from));
    viewport.pan(to.clientX - from.clientX, to.clientY - from.clientY);
    dragged = true;
  };

  const drag = (event) => {
    const before = pressed.get(event.pointerId);
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    if (viewport.depth <= 1 || (!dragged && Math.hypot(dx, dy) < DRAG_FROM)) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    pressed.set(event.pointerId, event);
    viewport.pan(dx, dy);
  };

  const on = (type, action, options = {}) =>
    svg.addEventListener(type, action, { signal, ...options });

  on("pointerdown", (event) => {
    if (pressed.size === 0) dragged = false;
    pressed.set(event.pointerId, event);
  });
  on("pointermove", (event) => {
    if (!pressed.has(event.pointerId)) return;
    if (pressed.size === 2) pinch(event);
    else drag(event);
  });
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) {
    on(type, (event) => pressed.delete(event.pointerId));
  }
  on("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    viewport.zoom(Math.exp(-event.deltaY * WHEEL_STEP), viewport.toMap(event));
  }, { passive: false });

  return () => dragged;
}
