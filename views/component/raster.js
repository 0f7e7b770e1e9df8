/** Which region covers which pixel: polygons filled line by line, without a canvas. */

/** Points of a path of the drawing ("M x y l dx dy ... z", whole numbers), as closed rings. */
export function ringsOf(d) {
  return d.split("M").slice(1).map((part) => {
    const numbers = part.match(/-?\d+/g).map(Number);
    const ring = new Int32Array(numbers.length);
    for (let i = 0; i < numbers.length; i += 1) ring[i] = numbers[i] + (i < 2 ? 0 : ring[i - 2]);
    return ring;
  });
}

/**
 * Index of the region at the centre of every pixel, row by row; -1 is none.
 *
 * A pixel belongs to a region if its centre lies inside by the even-odd rule. Neighbours share
 * their vertices, so that every pixel on land belongs to exactly one of them.
 *
 * @param {Int32Array[][]} shapes rings of each region, in map units
 * @param {{x: number, y: number, scale: number}} cut map units at the left and upper edge, and
 *   per pixel
 * @returns {Int32Array}
 */
export function rasterise(shapes, { x: left, y: top, scale }, width, height) {
  const cells = new Int32Array(width * height).fill(-1);
  shapes.forEach((rings, region) => {
    const [first, last] = rows(rings, top, scale, height);
    if (first > last) return;
    const crossings = Array.from({ length: last - first + 1 }, () => []);
    for (const ring of rings) cross(ring, { left, top, scale }, crossings, first, last);
    crossings.forEach((at, line) => {
      at.sort((a, b) => a - b);
      for (let k = 0; k + 1 < at.length; k += 2) {
        const from = Math.min(width, Math.max(0, Math.ceil(at[k] - 0.5)));
        const to = Math.max(from, Math.min(width, Math.ceil(at[k + 1] - 0.5)));
        cells.fill(region, (first + line) * width + from, (first + line) * width + to);
      }
    });
  });
  return cells;
}

/** First and last row of pixels whose centres lie between the ends of the rings. */
function rows(rings, top, scale, height) {
  let [low, high] = [Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 2) {
      if (ring[i] < low) low = ring[i];
      if (ring[i] > high) high = ring[i];
    }
  }
  return [Math.max(0, Math.ceil((low - top) / scale - 0.5)),
    Math.min(height - 1, Math.ceil((high - top) / scale - 0.5) - 1)];
}

/** Where a ring crosses the centre lines of the rows; each end of an edge counts once. */
function cross(ring, { left, top, scale }, crossings, first, last) {
  const size = ring.length;
  for (let i = 0; i < size; i += 2) {
    const j = (i + 2) % size;
    const down = ring[i + 1] < ring[j + 1];
    const [a, b] = down ? [i, j] : [j, i];
    const [ay, by] = [(ring[a + 1] - top) / scale, (ring[b + 1] - top) / scale];
    const [ax, bx] = [(ring[a] - left) / scale, (ring[b] - left) / scale];
    const from = Math.max(first, Math.ceil(ay - 0.5));
    const to = Math.min(last, Math.ceil(by - 0.5) - 1);
    for (let row = from; row <= to; row += 1) {
      crossings[row - first].push(ax + ((row + 0.5 - ay) / (by - ay)) * (bx - ax));
    }
  }
}
