/** What the kernel must do at the edges; `node --test`. Its numbers are compared in test_kernel.py. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { classify, evaluateTree, ranks, shares, weightedMean } from "../../views/component/kernel.js";

const f64 = (...values) => Float64Array.from(values);
const ONES = f64(1, 1, 1, 1);
const TREE = {
  indicators: ["a", "b"],
  nodes: [{ id: "one", members: ["indicator:a"] }, { id: "two", members: ["indicator:b"] },
    { id: "", members: ["layer:one", "layer:two"] }],
};
const EQUAL = { "indicator:a": 1, "indicator:b": 1, "layer:one": 1, "layer:two": 1 };

test("the weight of a gap is shared by the others", () => {
  const { score, coverage } = weightedMean(f64(10, NaN, 20, 30), f64(1, 0, 1, 1), [1, 3]);
  assert.deepEqual([...score], [(10 + 3 * 20) / 4, 30]);
  assert.deepEqual([...coverage], [1, 3 / 4]);
});

test("below the least coverage there is no score, at it there is", () => {
  const values = f64(10, 20, NaN);
  const least = (share) => weightedMean(values, f64(1, 1, 0), [1, 1, 1], { least: share }).score[0];
  assert.equal(least(2 / 3), 15);
  assert.ok(Number.isNaN(least(0.67)));
});

test("only the ratios of weights matter, and 0 is absence", () => {
  const of = (...weights) => [...weightedMean(f64(1, 2, 3, 5), ONES, weights).score];
  assert.deepEqual(of(1, 3), of(20, 60));
  assert.deepEqual(of(0, 7), [3, 5]);
});

test("no weight at all gives no score, no rank and no class", () => {
  const silent = { ...EQUAL, "layer:one": 0, "indicator:b": 0 };
  const { score, layers } = evaluateTree(TREE, f64(1, 2, 3, 4), silent);
  assert.ok(score.every(Number.isNaN));
  assert.deepEqual([...layers.one.score], [1, 2]);
  assert.deepEqual([...ranks(score)], [0, 0]);
  assert.deepEqual(classify(score, "quantiles", 5),
    { codes: Int8Array.of(-1, -1), bounds: [], counts: [], missing: 2 });
});

test("a layer whose last indicator is switched off hands its weight to the others", () => {
  const { score, coverage } =
    evaluateTree(TREE, f64(1, 2, 3, 4), { ...EQUAL, "indicator:a": 0 }, { least: 1 });
  assert.deepEqual([...score], [3, 4]);
  assert.deepEqual([...coverage], [1, 1]);
});

test("input is left as it was", () => {
  const values = f64(4, 1, 3, 2);
  evaluateTree(TREE, values, EQUAL);
  ranks(values);
  classify(values, "fisher_jenks", 3);
  assert.deepEqual([...values], [4, 1, 3, 2]);
});

test("equal scores share the best of their places", () => {
  assert.deepEqual([...ranks(f64(5, 7, 5, NaN, 1, -0, 0))], [2, 1, 2, 0, 4, 5, 5]);
  assert.deepEqual([...ranks(f64(5, 7, 5), [1, 0, 1])], [1, 0, 1]);
  assert.equal(ranks(f64()).length, 0);
});

test("crowded and endless scores are ranked like any others", () => {
  const crowd = Float64Array.from({ length: 100 }, (_, i) => (i ? 1 + (i * 37 % 99) * 1e-9 : 1e9));
  const ranked = [...ranks(crowd)];
  assert.deepEqual(ranked.toSorted((a, b) => a - b), [...Array(100).keys()].map((i) => i + 1));
  assert.equal(crowd.indexOf(1), ranked.indexOf(100));
  assert.deepEqual([...ranks(f64(-Infinity, 3, Infinity, 3))], [4, 2, 1, 2]);
  assert.deepEqual([...ranks(f64(-1.7e308, 1.7e308, 0))], [3, 1, 2]);
});

test("shares add up to 1", () => {
  assert.deepEqual([...shares([2, 0, 6])], [0.25, 0, 0.75]);
  assert.deepEqual([...shares([0, 0])], [0, 0]);
});

test("one value makes one class, and what is not finite makes none", () => {
  for (const scheme of ["quantiles", "fisher_jenks", "equal_interval"]) {
    const { codes, bounds, counts, missing } = classify(f64(3, NaN, 3, Infinity), scheme, 5);
    assert.deepEqual([...codes], [0, -1, 0, -1]);
    assert.deepEqual([bounds, counts, missing], [[[3, 3]], [2], 2]);
  }
});

test("what can not be computed says so by its code", () => {
  const mean = (choice) => () => weightedMean(f64(0, 1, 2, 3), ONES, [1, 1], choice);
  assert.throws(mean({ method: "geometric" }), { code: "needs_positive" });
  assert.throws(mean({ method: "power", power: NaN }), { code: "bad_power" });
  assert.throws(mean({ method: "median" }), { code: "bad_method" });
  assert.throws(() => evaluateTree(TREE, ONES, { ...EQUAL, "layer:two": -1 }),
    { code: "bad_weight" });
});
