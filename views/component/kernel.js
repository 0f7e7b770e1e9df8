/**
 * The scoring kernel: weights -> scores, ranks, classes and rank bands, on plain typed arrays.
 *
 * It gives the numbers of `layers.aggregate`, `layers.weigh`, `layers.score`, `layers.robust` and
 * `geo.classes`, which are the reference: sums run in the same order, so that arithmetic means,
 * ranks and classes are the same to the last bit. Means that need logarithms may differ in the
 * last digits, since languages round them differently.
 *
 * A gap is NaN, the one number that differs from itself. Tables are column-major: member k of row
 * i stands at `k * n + i`. Values come with their directions turned, so that more is always
 * better; `minMax` turns an indicator live.
 *
 * @typedef {"arithmetic" | "geometric" | "harmonic" | "power"} Method
 * @typedef {{method?: Method, power?: number, least?: number}} Choice
 *   `power` is the exponent of "power"; `least` the coverage below which a result is missing.
 * @typedef {Choice & {nodes?: Record<string, Choice>}} TreeChoice what differs in single nodes
 * @typedef {{indicators: string[], nodes: {id: string, members: string[]}[]}} Tree
 *   Indicators in the order of the columns; nodes bottom-up, the index ("") last, their members
 *   ("layer:ID", "indicator:ID") in the order of the plan, sublayers first.
 * @typedef {{score: Float64Array, coverage: Float64Array}} Result
 */

export { classify } from "./classes.js";

/** Means of the form f⁻¹(sum w f(x) / sum w); every f rises, so that sums rank as means do. */
const MEANS = {
  arithmetic: () => ({ f: null, inverse: (y) => y }),
  geometric: () => ({ f: Math.log, inverse: Math.exp }),
  harmonic: () => ({ f: (x) => -1 / x, inverse: (y) => -1 / y }),
  power: (p) => (p === 0 ? MEANS.geometric() : {
    f: (x) => Math.expm1(p * Math.log(x)) / p,
    inverse: (y) => Math.exp(Math.log1p(p * y) / p),
  }),
};

/** A hair of tolerance: 2 of 3 equal weights must pass 2/3 whatever the rounding. */
const HAIR = 1e-12;

/** Scores in one bucket from which on it pays to sort them. */
const CROWD = 24;

/** Weight shares are multiples of this part of 1, as in `layers.robust`, so that sums are exact. */
const GRID = 2 ** 32;

const refusal = (code, message) => Object.assign(new RangeError(message), { code });

/**
 * Weighted mean of each row over the members that are present, and the share of weight behind it.
 *
 * @param {Float64Array} values n * k, column-major
 * @param {Float64Array} coverage n * k: 1 or 0 for an indicator, a share for a layer
 * @param {ArrayLike<number>} weights k, from 0; only their ratios matter
 * @param {Choice} [choice]
 * @returns {Result} NaN where no member with a weight is present or coverage is below `least`
 * @throws {RangeError} code "needs_positive": the mean does not take values this low
 */
export function weightedMean(values, coverage, weights, choice = {}) {
  const size = weights.length && values.length / weights.length;
  const split = (table) =>
    Array.from(weights, (_, k) => table.subarray(k * size, (k + 1) * size));
  return combine(split(values), split(coverage), scaled(weights), choice, size);
}

/**
 * Score and every layer of a tree of any depth, as `layers.score` does.
 *
 * @param {Tree} tree
 * @param {Float64Array} normalised n * number of indicators, column-major
 * @param {Record<string, number>} weights of every "layer:ID" and "indicator:ID"; an indicator
 *   that is not scored has 0, a layer without scored members counts as 0 by itself
 * @param {TreeChoice} [choice]
 * @returns {Result & {layers: Record<string, Result>}} all NaN if every weight is 0
 * @throws {RangeError} codes "needs_positive" and "bad_weight"
 */
export function evaluateTree(tree, normalised, weights, choice = {}) {
  const size = tree.indicators.length && normalised.length / tree.indicators.length;
  const known = new Map();
  tree.indicators.forEach((id, k) => {
    const score = normalised.subarray(k * size, (k + 1) * size);
    known.set(`indicator:${id}`, { score, coverage: presence(score), scored: true });
  });
  for (const { id, members } of tree.nodes) {
    const parts = members.map((key) => known.get(key));
    const own = scaled(members.map((key, k) => (parts[k].scored ? weightOf(weights, key) : 0)));
    const columns = parts.map(({ score }) => score);
    const covers = parts.map(({ coverage }) => coverage);
    const result = combine(columns, covers, own, { ...choice, ...choice.nodes?.[id] }, size);
    // What is missing covers nothing one level up; where it is shown, its own coverage stays.
    const passed = presence(result.score).map((there, i) => there * result.coverage[i]);
    const scored = own.some((weight) => weight > 0);
    known.set(`layer:${id}`, { score: result.score, coverage: passed, scored, result });
  }
  const results = tree.nodes.map(({ id }) => [id, known.get(`layer:${id}`).result]);
  const [, index] = results.pop();
  return { ...index, layers: Object.fromEntries(results) };
}

/**
 * Min–max of one indicator, turned for direction -1: `a + (b - a) (x - low) / (high - low)`.
 *
 * @param {Float64Array} values in the indicator's unit
 * @param {number} low smallest value of the reference set
 * @param {number} high its largest value, above `low`
 * @param {[number, number]} range [a, b]
 * @param {1 | -1} direction
 * @returns {Float64Array}
 */
export function minMax(values, low, high, [a, b], direction) {
  const gap = direction < 0 ? (x) => high - x : (x) => x - low;
  return values.map((x) => a + (b - a) * (gap(x) / (high - low)));
}

/**
 * Ranks, 1 for the highest; equal scores share the best of their places, 0 is no rank.
 *
 * Sorted into as many buckets as there are scores: a score is beaten by all in higher buckets and
 * by some in its own, which holds one or two where scores lie about evenly. That takes less
 * than half the time of sorting, and is exact for any scores.
 *
 * @param {Float64Array} score
 * @param {ArrayLike<number | boolean>} [eligible] false or 0 keeps a region out
 * @returns {Int32Array}
 */
export function ranks(score, eligible) {
  const size = score.length;
  const places = new Int32Array(size);
  let [count, low, high] = [0, Infinity, -Infinity];
  for (let i = 0; i < size; i += 1) {
    const x = score[i];
    if (x !== x || (eligible && !eligible[i])) continue;
    places[i] = 1;
    count += 1;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const scale = (count - 1) / (high - low);
  // Without a spread, or with an endless one, this is 0: all share one bucket.
  const bucket = (x) => Math.min((x - low) * scale, count - 1) | 0;
  const ends = new Int32Array(count + 1);
  for (let i = 0; i < size; i += 1) if (places[i]) ends[bucket(score[i])] += 1;
  for (let b = 1; b <= count; b += 1) ends[b] += ends[b - 1];
  const held = new Float64Array(count);
  const starts = ends.slice();
  for (let i = 0; i < size; i += 1) if (places[i]) held[starts[bucket(score[i])] -= 1] = score[i];
  for (let b = 0; b < count; b += 1) {
    if (ends[b] - starts[b] > CROWD) held.subarray(starts[b], ends[b]).sort();
  }
  for (let i = 0; i < size; i += 1) {
    if (!places[i]) continue;
    const [x, own] = [score[i], bucket(score[i])];
    const [start, end] = [starts[own], ends[own]];
    places[i] += count - end;
    if (end - start > CROWD) places[i] += end - upTo(held, x, start, end);
    else for (let at = start; at < end; at += 1) if (held[at] > x) places[i] += 1;
  }
  return places;
}

/**
 * Weights as shares of their sum; all 0 if every weight is 0.
 *
 * @param {ArrayLike<number>} weights
 * @returns {Float64Array}
 */
export function shares(weights) {
  const own = scaled(weights);
  const total = sum(own);
  return total > 0 ? own.map((weight) => weight / total) : own;
}

/**
 * The weightings that rank bands are drawn from: bit by bit those of `layers.robust.draw`.
 *
 * @typedef {{numbers: Float64Array, chunk: number, draws: number, spread: number | null}} Stream
 *   `numbers` holds what `layers.robust.random_numbers` gives, chunk after chunk of `chunk` draws,
 *   for as many layers as will ever have a weight. `spread` null: all weightings are equally
 *   likely; a number s: each weight is multiplied by `1 + s u`, u between -1 and 1.
 * @param {Stream} stream
 * @param {ArrayLike<number>} weights chosen weights of the varied layers, all above 0
 * @returns {Float64Array} shares, draw after draw: layer k of draw d at `d * weights.length + k`
 */
export function weightings({ numbers, chunk, draws, spread }, weights) {
  const width = weights.length;
  const total = sum(Float64Array.from(weights));
  const own = Float64Array.from(weights, (weight) => weight / total);
  const perChunk = numbers.length / Math.ceil(draws / chunk);
  const found = new Float64Array(draws * width);
  for (let d = 0; d < draws; d += 1) {
    const start = Math.floor(d / chunk) * perChunk + (d % chunk) * width;
    const raw = numbers.slice(start, start + width);
    if (spread !== null) {
      for (let k = 0; k < width; k += 1) raw[k] = own[k] * (1 + spread * (1 - 2 * raw[k]));
    }
    found.set(gridded(raw), d * width);
  }
  return found;
}

/** Shares on the grid; what rounding left over goes to the largest, where it is felt least. */
function gridded(raw) {
  const total = sum(raw);
  let [largest, left] = [0, 1];
  raw.forEach((x, k) => {
    raw[k] = toEven((x / total) * GRID) / GRID;
    left -= raw[k];
    if (raw[k] > raw[largest]) largest = k;
  });
  raw[largest] += left;
  return raw;
}

/** To the next whole number, halves to the even one, as numpy rounds; from 0 to 2 ** 51. */
const toEven = (x) => x + 2 ** 52 - 2 ** 52;

/**
 * Rank bands over many weightings of the layers directly below the index; see `layers.robust`.
 *
 * @param {Float64Array} draws weight shares, draw after draw: layer k of draw d at `d * k_max + k`
 * @param {Result[]} layers one per varied layer; `evaluateTree(...).layers` holds them
 * @param {Choice & {eligible?: ArrayLike<number | boolean>, span?: Span}} choice `eligible`:
 *   regions that have a score under the chosen weights; method and `least` are those of the index
 * @returns {{mean: Float64Array, median: Int32Array, p05: Int32Array, p95: Int32Array,
 *   best: Int32Array, worst: Int32Array, topQuarter: Float64Array, ranked: Float64Array,
 *   stays?: Float64Array}}
 *   Ranks, 0 or NaN where there is none; shares of the draws: in the best quarter, ranked at all,
 *   and, if a span of ranks is given for each region, inside it (both ends included; `low` 0 is no
 *   span). A quantile is the smallest rank that at least that share of the ranked draws attains.
 * @typedef {{low: ArrayLike<number>, high: ArrayLike<number>}} Span
 */
export function bandsFrom(draws, layers, choice = {}) {
  const { eligible, span } = choice;
  const size = layers[0].score.length;
  const rows = [...Array(size).keys()].filter((i) => !eligible || eligible[i]);
  const places = placesOfDraws(draws, layers, rows, choice);
  return summarise(places, rows, size, draws.length / layers.length, span);
}

// Means and coverage.

function combine(columns, covers, weights, { method = "arithmetic", power, least = 0 }, size) {
  const used = [...weights.keys()].filter((k) => weights[k] > 0);
  const [own, members] = [used.map((k) => weights[k]), used.map((k) => columns[k])];
  const mean = meanOf(method)(power);
  requireAtLeast(members, method, power);
  const score = method === "power"
    ? powerMean(members, own, power, size) : quasiMean(members, own, mean, size);
  const coverage = weightedSum(used.map((k) => covers[k]), own, size);
  const total = sum(weights);
  for (let i = 0; i < size && total > 0; i += 1) {
    coverage[i] /= total;
    if (coverage[i] < least - HAIR) score[i] = NaN;
  }
  return { score, coverage };
}

function quasiMean(columns, weights, { f, inverse }, size) {
  const [top, bottom] = [new Float64Array(size), new Float64Array(size)];
  columns.forEach((column, k) => {
    const weight = weights[k];
    const terms = f ? column.map(f) : column;
    for (let i = 0; i < size; i += 1) {
      if (terms[i] !== terms[i]) continue;
      top[i] += weight * terms[i];
      bottom[i] += weight;
    }
  });
  for (let i = 0; i < size; i += 1) top[i] = inverse(top[i] / bottom[i]);
  return top;
}

/** Relative to the largest (p > 0) or smallest value of the row, so that no power overflows. */
function powerMean(columns, weights, p, size) {
  const further = p > 0 ? (x, end) => x > end : (x, end) => x < end;
  const ends = new Float64Array(size).fill(NaN);
  for (const column of columns) {
    for (let i = 0; i < size; i += 1) {
      if (Number.isNaN(ends[i]) || further(column[i], ends[i])) ends[i] = column[i];
    }
  }
  const [f, inverse] = p === 0 ? [null, (mean) => mean]
    : [(log) => Math.expm1(p * log), (mean) => Math.log1p(mean) / p];
  const ratios = columns.map((column) => column.map((x, i) => Math.log(x / ends[i])));
  const relative = quasiMean(ratios, weights, { f, inverse }, size);
  // 0 / 0 above: every value of the row is 0, and so is their mean.
  return ends.map((end, i) => (end === 0 ? 0 : end * Math.exp(relative[i])));
}

function meanOf(method) {
  if (MEANS[method]) return MEANS[method];
  throw refusal("bad_method",
    `aggregate.method = '${method}' is not known here; use ${Object.keys(MEANS).join(", ")}.`);
}

function requireAtLeast(columns, method, power) {
  if (method === "power" && !Number.isFinite(power)) {
    throw refusal("bad_power", `aggregate.p = ${power} is not a finite number.`);
  }
  const zero = method === "power" && power > 0;
  const low = zero ? (x) => x < 0 : (x) => x <= 0;
  if (method !== "arithmetic" && columns.some((column) => column.some(low))) {
    throw refusal("needs_positive",
      `aggregate.method = '${method}' needs values ${zero ? "from" : "above"} 0.`);
  }
}

function weightOf(weights, key) {
  if (Number.isFinite(weights[key]) && weights[key] >= 0) return weights[key];
  throw refusal("bad_weight",
    `weights: '${key}' is ${weights[key]}; a finite number from 0 is needed.`);
}

function scaled(weights) {
  const own = Float64Array.from(weights);
  const largest = own.reduce((most, weight) => Math.max(most, weight), 0);
  return largest > 0 ? own.map((weight) => weight / largest) : own;
}

function presence(column) {
  const there = new Float64Array(column.length);
  for (let i = 0; i < column.length; i += 1) there[i] = column[i] === column[i] ? 1 : 0;
  return there;
}

function weightedSum(columns, weights, size) {
  const total = new Float64Array(size);
  columns.forEach((column, k) => {
    const weight = weights[k];
    for (let i = 0; i < size; i += 1) total[i] += weight * column[i];
  });
  return total;
}

/** Sum in the order of numpy: eight sums side by side, and halves beyond 128 terms. */
function sum(terms) {
  const size = terms.length;
  if (size < 8) return terms.reduce((total, term) => total + term, 0);
  if (size > 128) {
    const half = Math.floor(size / 16) * 8;
    return sum(terms.subarray(0, half)) + sum(terms.subarray(half));
  }
  const whole = size - (size % 8);
  const r = terms.slice(0, 8);
  for (let i = 8; i < whole; i += 1) r[i % 8] += terms[i];
  const eight = (r[0] + r[1] + (r[2] + r[3])) + (r[4] + r[5] + (r[6] + r[7]));
  return terms.subarray(whole).reduce((total, term) => total + term, eight);
}

/** How many numbers are at most x, from the start of those between `low` and `high`, which rise. */
function upTo(rising, x, low = 0, high = rising.length) {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rising[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Rank bands.

/** Rank of every row under every draw, row after row; one more than the last is none. */
function placesOfDraws(draws, layers, rows, { method = "arithmetic", power, least = 0 }) {
  const { f } = meanOf(method)(power);
  const [size, width, many] = [rows.length, layers.length, draws.length / layers.length];
  const pick = (column, value) => Float64Array.from(rows, (i) => value(column[i], i));
  const present = layers.map(({ score }) => presence(pick(score, (x) => x)));
  const terms = layers.map(({ score }) => pick(score, (x) => (Number.isNaN(x) ? 0 : (f?.(x) ?? x))));
  const covers = layers.map(({ coverage }, k) =>
    pick(coverage, (x) => x).map((share, at) => share * present[k][at]));
  const gappy = [...rows.keys()].filter((at) => covers.some((cover, k) =>
    !present[k][at] || cover[at] < least - HAIR));
  const dot = (own, columns, at) =>
    own.reduce((total, weight, k) => total + weight * columns[k][at], 0);
  const places = new (size < 65_535 ? Uint16Array : Uint32Array)(size * many);
  for (let d = 0; d < many; d += 1) {
    const own = draws.subarray(d * width, (d + 1) * width);
    const index = weightedSum(terms, own, size);
    for (const at of gappy) {
      index[at] /= dot(own, present, at);
      if (dot(own, covers, at) < least - HAIR) index[at] = NaN;
    }
    const ranked = ranks(index);
    for (let at = 0; at < size; at += 1) places[at * many + d] = ranked[at] || size + 1;
  }
  return places;
}

function summarise(places, rows, size, many, span) {
  const whole = () => new Int32Array(size);
  const number = () => new Float64Array(size).fill(NaN);
  const bands = { mean: number(), median: whole(), p05: whole(), p95: whole(), best: whole(),
    worst: whole(), topQuarter: number(), ranked: number(), ...(span && { stays: number() }) };
  const upToRank = new Int32Array(rows.length + 2);
  rows.forEach((row, at) => {
    const total = cumulate(places.subarray(at * many, (at + 1) * many), upToRank);
    const times = upToRank[rows.length];
    bands.ranked[row] = times / many;
    if (!times) return;
    bands.mean[row] = total / times;
    bands.topQuarter[row] = upToRank[Math.ceil(rows.length / 4)] / times;
    for (const [name, share] of Object.entries(QUANTILES)) {
      // The slack keeps 0.05 * 1000 = 50.00000000000001 from asking for a 51st draw.
      const needed = Math.max(Math.ceil(share * times - 1e-9), 1);
      bands[name][row] = upTo(upToRank, needed - 1);
    }
    if (span?.low[row]) {
      bands.stays[row] = (upToRank[span.high[row]] - upToRank[span.low[row] - 1]) / times;
    }
  });
  return bands;
}

const QUANTILES = { median: 0.5, p05: 0.05, p95: 0.95, best: 0, worst: 1 };

/** In how many draws a region has a rank up to 0, 1, 2 ...; returns the sum of its ranks. */
function cumulate(drawn, upToRank) {
  const none = upToRank.length - 1;
  let total = 0;
  upToRank.fill(0);
  for (let d = 0; d < drawn.length; d += 1) {
    upToRank[drawn[d]] += 1;
    if (drawn[d] < none) total += drawn[d];
  }
  for (let rank = 1; rank <= none; rank += 1) upToRank[rank] += upToRank[rank - 1];
  return total;
}
