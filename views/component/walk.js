/** Finding regions by place: the neighbour in a direction, and the small city under a finger. */

const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How much a step aside costs against a step forward when arrow keys look for a neighbour. */
const ASIDE = 2;

/** Hit radius in pixels around the centre of a region too small to be hit otherwise. */
const HIT = { mouse: 6, pen: 8, touch: 10 };

export const isArrow = (key) => key in DIRECTIONS;

/**
 * Index of the region that lies nearest in the direction of an arrow key, or `from` at the edge.
 * Those within 45 degrees of the direction come first, then all that lie ahead.
 */
export function neighbour(regions, from, key) {
  const [right, down] = DIRECTIONS[key];
  const here = regions[from];
  const ahead = regions.map((region, index) => {
    const dx = region.x - here.x;
    const dy = region.y - here.y;
    const forward = dx * right + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * right);
    return { index, forward, aside, cost: Math.hypot(dx, dy) + ASIDE * aside };
  }).filter(({ forward }) => forward > 0);
  const straight = ahead.filter(({ forward, aside }) => aside <= forward);
  const choice = straight.length ? straight : ahead;
  return choice.reduce((best, next) => (next.cost < best.cost ? next : best),
    { index: from, cost: Infinity }).index;
}

/**
 * Index of the region meant by a point: the one under it, unless the centre of a region that is
 * drawn smaller than the hit radius lies nearer than that radius. -1 is the sea.
 */
export function meant(regions, under, point, unitsPerPixel, pointerType = "mouse") {
  const reach = (HIT[pointerType] ?? HIT.mouse) * unitsPerPixel;
  if (under >= 0 && regions[under].r < reach) return under;
  let best = under;
  let nearest = reach;
  regions.forEach(({ x, y, r }, index) => {
    const distance = Math.hypot(x - point.x, y - point.y);
    if (r < reach && distance < nearest) [best, nearest] = [index, distance];
  });
  return best;
}
