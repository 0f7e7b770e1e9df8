/**
 * Classes of a choropleth map, the same as `geo.classes` gives: the schemes follow mapclassify
 * (doi:10.5281/zenodo.4023412) operation by operation, so that bounds agree to the last bit.
 *
 * @typedef {{codes: Int8Array, bounds: [number, number][], counts: number[], missing: number}}
 *   Classes
 */

/**
 * Classes of a map: a class holds the values above the bound below it and up to its own.
 *
 * @param {Float64Array} values what is not finite is missing
 * @param {"quantiles" | "fisher_jenks" | "equal_interval" | "given"} scheme
 * @param {number | number[]} count wanted classes, 2 to 127, fewer come out where there are fewer
 *   different values; for "given" the rising inner bounds, all classes come out, even empty ones
 * @returns {Classes} codes from 0 for the lowest class, -1 is missing
 */
export function classify(values, scheme, count) {
  const finite = values.filter(Number.isFinite).sort();
  const uppers = finite.length ? UPPERS[scheme](finite, count) : [];
  const codes = new Int8Array(values.length).fill(-1);
  const counts = uppers.map(() => 0);
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) continue;
    let code = 0;
    while (values[i] > uppers[code]) code += 1;
    codes[i] = code;
    counts[code] += 1;
  }
  const lowest = Math.min(finite[0], uppers[0]);
  const bounds = uppers.map((upper, one) => [one ? uppers[one - 1] : lowest, upper]);
  return { codes, bounds, counts, missing: values.length - finite.length };
}

const UPPERS = {
  quantiles: (rising, count) => unlessSingle(rising, count, quantiles),
  fisher_jenks: (rising, count) => unlessSingle(rising, count, fisherJenks),
  equal_interval: (rising, count) => unlessSingle(rising, count, equalSteps),
  given: (rising, inner) => [...inner, Math.max(rising.at(-1), inner.at(-1))],
};

const unique = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);

function unlessSingle(rising, count, scheme) {
  let classes = 1;
  for (let i = 1; i < rising.length && classes < count; i += 1) {
    if (rising[i] !== rising[i - 1]) classes += 1;
  }
  if (classes < 2) return [rising[0]];
  const uppers = unique(scheme(rising, classes));
  // Rounding inside a scheme may leave the top bound a hair below the maximum.
  uppers[uppers.length - 1] = rising.at(-1);
  return uppers;
}

/** `numpy.arange`, whose steps are those between its first two numbers. */
function steps(start, stop, step) {
  const second = start + step;
  return Array.from({ length: Math.ceil((stop - start) / step) }, (_, i) =>
    (i === 1 ? second : start + i * (second - start)));
}

function quantiles(rising, count) {
  const width = 100 / count;
  return steps(width, 100 + width, width).map((percent) => {
    const place = (Math.min(percent, 100) / 100) * (rising.length - 1);
    const below = Math.floor(place);
    if (below === place) return rising[below];
    const [left, right] = [below + 1 - place, place - below];
    return (rising[below] * left + rising[below + 1] * right) / (left + right);
  });
}

function equalSteps(rising, count) {
  const [least, most] = [rising[0], rising.at(-1)];
  const width = (most - least) / count;
  return [...steps(least + width, most + width, width).slice(0, count).slice(0, -1), most];
}

/**
 * Least spread inside the classes, by dynamic programming over the last class (Fisher 1958,
 * doi:10.1080/01621459.1958.10501479). In single precision, with the earliest of equally good
 * cuts, and with indices below 0 counted from the end: as the reference does, so that cuts agree.
 */
function fisherJenks(rising, count) {
  const [size, width, single] = [rising.length, count + 1, Math.fround];
  const starts = new Int32Array((size + 1) * width).fill(1, width + 1, 2 * width);
  const costs = new Float32Array((size + 1) * width).fill(Infinity, 2 * width);
  const numbers = Float32Array.from(rising);
  for (let last = 2; last <= size; last += 1) {
    let [squares, total, spread] = [0, 0, 0];
    for (let first = last; first >= 1; first -= 1) {
      const x = numbers[first - 1];
      squares = single(squares + single(x * x));
      total = single(total + x);
      spread = single(squares - single(single(total * total) / (last - first + 1)));
      if (first === 1) break;
      for (let j = 2; j <= count; j += 1) {
        const cost = single(spread + costs[(first - 1) * width + j - 1]);
        if (costs[last * width + j] >= cost) {
          costs[last * width + j] = cost;
          starts[last * width + j] = first;
        }
      }
    }
    starts[last * width + 1] = 1;
    costs[last * width + 1] = spread;
  }
  const uppers = [rising.at(-1)];
  for (let [end, j] = [size, count]; j > 1; j -= 1) {
    const start = starts[(end < 0 ? end + size + 1 : end) * width + j];
    uppers.push(rising.at(start - 2));
    end = start - 1;
  }
  return uppers;
}
