/**
 * Weights that move -> the map follows, without asking the server.
 *
 * The sliders and the map are separate parts of the page but share this module: a slider says what
 * it is moved to, the scores are worked out here from the layers' values, and the map is recoloured.
 * What the server sends afterwards is the same, with rank bands and tables.
 */

import { classify, ranks, weightedMean } from "./kernel.js";
import { percentages } from "./shares.js";

const FALL_BACK = -1;
const OUTSIDE = -2;
const KEPT = 8;

let map = null;
let model = null;
/** Layer values and coverage, and how the ranks are spread over all weightings. */
let table = null;
let spread = null;
const sliders = new Map();

/** A slider joins; returns how it leaves. */
export function join(layer, slider) {
  sliders.set(layer, slider);
  return () => { if (sliders.get(layer) === slider) sliders.delete(layer); };
}

/** The map tells its model (null where nothing can follow live) whenever the server has spoken. */
export async function attend(view, told) {
  map = view;
  model = told;
  if (!told) return;
  const [values, ranked] = await Promise.all([fetched(told.address), fetched(told.spread)]);
  if (model !== told) return;
  table = values && halves(new Float64Array(values));
  spread = ranked && new Uint16Array(ranked);
  catchUp();
}

export function detach(view) {
  if (map === view) map = model = null;
}

/** A weight was moved: shares and map follow at once. */
export function move() {
  const weights = current();
  if (!weights) return;
  const share = percentages(weights, 1);
  model.layers.forEach((layer, k) => sliders.get(layer)?.share(share[k]));
  if (table && weights.some((weight) => weight > 0)) recolour(weights);
}

/** Weights as the sliders stand; what the recipe does not score has none. */
function current() {
  return model?.layers.map((layer, k) =>
    (model.scored[k] ? sliders.get(layer)?.value ?? model.weights[k] : 0));
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

/**
 * Regions whose class is unsure, or null where that is not known. Over all weightings the spread of
 * the ranks does not depend on the weights, as long as the same layers have one.
 */
function doubts(weights, codes, rank) {
  const same = weights.every((weight, k) => (weight > 0) === (model.scored[k] && model.weights[k] > 0));
  if (!spread || !same) return null;
  const places = spread.length / codes.length;
  const span = new Map();
  codes.forEach((code, row) => {
    const [low, high] = span.get(code) ?? [Infinity, 0];
    span.set(code, [Math.min(low, rank[row]), Math.max(high, rank[row])]);
  });
  const upTo = (row, place) => (place > 0 ? spread[row * places + place - 1] : 0);
  return Array.from(codes, (code, row) => {
    const draws = upTo(row, places);
    if (code < 0 || !draws) return false;
    const [low, high] = span.get(code);
    return (upTo(row, high) - upTo(row, low - 1)) / draws < model.sure;
  });
}

function recolour(weights) {
  const { method, least, scheme, count, colours, before } = model;
  const { score } = weightedMean(table.values, table.coverage, weights, { method, least });
  const rank = ranks(score);
  const { codes, bounds, counts, missing } = classify(score, scheme, count);
  const write = numberFormat();
  map.follow({
    cls: Array.from(codes, (code, row) =>
      (code < 0 ? (before[row] === OUTSIDE ? OUTSIDE : FALL_BACK) : code)),
    classes: bounds.map(([low, high], k) => ({
      colour: colours[bounds.length][k], count: counts[k],
      label: fill(k ? model.bounds : model.bounds_first, { low: write(low), high: write(high) }),
    })),
    missing_count: missing - before.filter((code) => code === OUTSIDE).length,
    doubt: doubts(weights, codes, rank),
    lines: (row) => lines(row, score, rank, write),
  });
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

const numberFormat = () => {
  const digits = { minimumFractionDigits: model.decimals, maximumFractionDigits: model.decimals };
  const format = new Intl.NumberFormat(model.locale, digits);
  return (value) => format.format(value);
};

function lines(row, score, rank, write) {
  if (!rank[row]) return null;
  const of = rank.reduce((sum, one) => sum + (one > 0), 0);
  return [fill(model.rank_line, { rank: rank[row], of }),
    fill(model.score_line, { score: write(score[row]) })];
}
