/**
 * Weights that move -> the map follows, without asking the server.
 *
 * The sliders and the map are separate parts of the page but share this module: a slider says what
 * it is moved to, the scores are worked out here from the layers' values, and the map is recoloured.
 * Once the hand rests, the rank bands follow from a worker. What the server sends afterwards is
 * the same, with tables.
 */

import { ask, drop, hurry, prepare } from "./bands.js";
import { classify, ranks, weightedMean } from "./kernel.js";
import { percentages } from "./shares.js";
import { fill, numberFormat, percent } from "./writing.js";

const FALL_BACK = -1;
const OUTSIDE = -2;
const KEPT = 8;

let map = null;
let model = null;
/** Layer values and coverage; how ranks spread over all weightings; numbers to draw others from. */
let table = null;
let spread = null;
let random = null;
const sliders = new Map();
const listeners = new Set();

/**
 * Tell another part of the page what is worked out: `told(outcome, bands)` after every recolouring,
 * with null for the bands until they are known; `outcome.lasting` says that those of before still
 * hold. Returns how it leaves.
 */
export function listen(told) {
  listeners.add(told);
  return () => listeners.delete(told);
}

/** Whether the hand has moved on from weights that the server's numbers rest on. */
export function ahead(weights) {
  return Object.entries(weights).some(([layer, weight]) => hand(layer, weight) !== weight);
}

/** A slider joins; returns how it leaves. */
export function join(layer, slider) {
  sliders.set(layer, slider);
  return () => { if (sliders.get(layer) === slider) sliders.delete(layer); };
}

/** The map tells its model (null where nothing can follow live) whenever the server has spoken. */
export async function attend(view, told) {
  map = view;
  model = told;
  drop();
  if (!told) return;
  if (told.stream) prepare();
  const addresses = [told.address, told.spread, told.stream?.address];
  const [values, ranked, numbers] = await Promise.all(addresses.map(fetched));
  if (model !== told) return;
  table = values && halves(new Float64Array(values));
  spread = ranked && new Uint16Array(ranked);
  random = numbers && new Float64Array(numbers);
  catchUp();
}

export function detach(view) {
  if (map !== view) return;
  map = model = null;
  drop();
}

/** A weight was moved: shares and map follow at once. */
export function move() {
  const weights = current();
  if (!weights) return;
  const share = percentages(weights, 1);
  model.layers.forEach((layer, k) => sliders.get(layer)?.share(share[k]));
  if (table && weights.some((weight) => weight > 0)) recolour(weights);
}

/** The hand has let go: bands need not wait for its rest. */
export function rest() {
  hurry();
}

/** Weights as the hand has set them; what the recipe does not score has none. */
function current() {
  return model?.layers.map((layer, k) => (model.scored[k] ? hand(layer, model.weights[k]) : 0));
}

/**
 * A slider that is not moved may hear later than the map what the server has set; one that is, is
 * followed until the server says the same.
 */
function hand(layer, weight) {
  const slider = sliders.get(layer);
  if (slider?.value === weight) slider.touched = false;
  return slider?.touched ? slider.value : weight;
}

/** The server's answer may be older than the hand: then the hand is followed again. */
function catchUp() {
  if (current().some((weight, k) => weight !== (model.scored[k] ? model.weights[k] : 0))) move();
}

/** Tables that were asked for last; a table that cannot be had leaves the map to the server. */
const answers = new Map();

function fetched(address) {
  if (!address) return null;
  if (!answers.has(address)) {
    if (answers.size >= KEPT) answers.delete(answers.keys().next().value);
    answers.set(address, fetch(new URL(address, document.baseURI).href)
      .then((answer) => (answer.ok ? answer.arrayBuffer() : null))
      .catch(() => null));
  }
  return answers.get(address);
}

function halves(numbers) {
  const half = numbers.length / 2;
  return { values: numbers.subarray(0, half), coverage: numbers.subarray(half) };
}

/** Everything about the regions that follows from the weights alone. */
function outcome(weights) {
  const { method, power, least, scheme, count } = model;
  const { score } = weightedMean(table.values, table.coverage, weights, { method, power, least });
  const rank = ranks(score);
  return {
    weights, score, rank, ...classify(score, scheme, count), of: rank.filter(Boolean).length,
    // Over all weightings, bands do not depend on the weights.
    lasting: model.stream?.spread === null && sameLayers(weights),
  };
}

function recolour(weights) {
  const now = outcome(weights);
  const { colours, before } = model;
  const { codes, bounds, counts, missing } = now;
  const doubt = doubts(now);
  map.follow({
    cls: Array.from(codes, (code, row) =>
      (code < 0 ? (before[row] === OUTSIDE ? OUTSIDE : FALL_BACK) : code)),
    classes: bounds.map(([low, high], k) => ({
      colour: colours[bounds.length][k], count: counts[k],
      label: fill(k ? model.bounds : model.bounds_first, { low: write(low), high: write(high) }),
    })),
    missing_count: missing - before.filter((code) => code === OUTSIDE).length,
    doubt, doubt_pending: model.doubt && !doubt,
    lines: (row, told) => lines(row, told, now),
  });
  for (const told of listeners) told(now, null);
  if (random) ask(() => question(now), (bands) => settle(now, bands));
  else drop();
}

/** The bands are there: hatching and tips say how sure the new picture is. */
function settle(now, bands) {
  map.follow({
    doubt: model.doubt ? Array.from(now.codes, (code, row) => bands.stays[row] < model.sure) : null,
    doubt_pending: false,
    lines: (row, told) => lines(row, told, now, bands),
  });
  for (const told of listeners) told(now, bands);
}

/** What the worker is asked: bands over weightings of the layers that have a weight. */
function question({ weights, score, rank, codes }) {
  const { method, power, least, stream } = model;
  const { chunk, draws, spread: around } = stream;
  const used = [...weights.keys()].filter((k) => weights[k] > 0);
  const size = score.length;
  const column = (all, k) => all.subarray(k * size, (k + 1) * size);
  const spans = spansOf(codes, rank);
  const span = (end) => Int32Array.from(codes, (code) => (code < 0 ? 0 : spans.get(code)[end]));
  return {
    stream: { numbers: random, chunk, draws, spread: around },
    weights: used.map((k) => weights[k]),
    layers: used.map((k) => ({
      score: column(table.values, k), coverage: column(table.coverage, k),
    })),
    choice: { method, power, least, eligible: rank, span: { low: span(0), high: span(1) } },
  };
}

/** Best and worst rank in each class. */
function spansOf(codes, rank) {
  const spans = new Map();
  codes.forEach((code, row) => {
    const [low, high] = spans.get(code) ?? [Infinity, 0];
    spans.set(code, [Math.min(low, rank[row]), Math.max(high, rank[row])]);
  });
  return spans;
}

/**
 * Regions whose class is unsure, or null where that is not known yet. Over all weightings the
 * spread of the ranks does not depend on the weights, as long as the same layers have one.
 */
function doubts({ weights, codes, rank }) {
  if (!model.doubt || !spread || !sameLayers(weights)) return null;
  const places = spread.length / codes.length;
  const spans = spansOf(codes, rank);
  const upTo = (row, place) => (place > 0 ? spread[row * places + place - 1] : 0);
  return Array.from(codes, (code, row) => {
    const draws = upTo(row, places);
    if (code < 0 || !draws) return false;
    const [low, high] = spans.get(code);
    return (upTo(row, high) - upTo(row, low - 1)) / draws < model.sure;
  });
}

const sameLayers = (weights) => weights.every((weight, k) =>
  (weight > 0) === (model.scored[k] && model.weights[k] > 0));

const write = (value) => numberFormat(model.locale, model.decimals).format(value);

/**
 * Lines of a tip, brought up to date from those the server told: name, rank, score, layers, and the
 * share of the best quarter. Without bands the rank stands alone, and what they would say is left
 * out, unless the weights do not touch it.
 */
function lines(row, told, { score, rank, of, lasting }, bands) {
  if (!rank[row]) return told;
  const band = bands?.p05[row] ? { low: bands.p05[row], high: bands.p95[row] } : null;
  const first = fill(band ? model.band_line : model.rank_line, { rank: rank[row], of, ...band });
  const [name, , , ...rest] = told;
  const share = bands && percent(bands.topQuarter[row], model.percent);
  if (bands) rest.splice(-1, 1, fill(model.top_line, { share }));
  else if (!lasting) rest.pop();
  return [name, first, fill(model.score_line, { score: write(score[row]) }), ...rest];
}
