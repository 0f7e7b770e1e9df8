/**
 * Answers to cases for the kernel, so that its numbers can be held against those of Python.
 * `node kernel_cases.mjs` reads one JSON case per line and writes one JSON answer per line; in a
 * browser the same `answer` is imported. NaN travels as null.
 */

const here = new URL(import.meta.url);
const folder = here.protocol === "file:" ? "../../views/component/" : "./";
const kernel = await import(new URL(`${folder}kernel.js`, here).href);

const numbers = (values) => Float64Array.from(values, (x) => x ?? NaN);
const plain = (value) => JSON.parse(JSON.stringify(value, (_, inner) =>
  (ArrayBuffer.isView(inner) ? Array.from(inner) : inner)));

const QUESTIONS = {
  mean: ({ values, coverage, weights, choice, scheme, count }) => {
    const result = kernel.weightedMean(numbers(values), numbers(coverage), weights, choice);
    const ranks = kernel.ranks(result.score);
    return { ...result, ranks, ...kernel.classify(result.score, scheme, count) };
  },
  tree: ({ tree, values, weights, choice }) => {
    const result = kernel.evaluateTree(tree, numbers(values), weights, choice);
    return { ...result, ranks: kernel.ranks(result.score) };
  },
  classes: ({ values, scheme, count }) => kernel.classify(numbers(values), scheme, count),
  ranks: ({ values, eligible }) => kernel.ranks(numbers(values), eligible),
  minmax: ({ values, low, high, range, direction }) =>
    kernel.minMax(numbers(values), low, high, range, direction),
  weightings: ({ numbers: drawn, chunk, draws, spread, weights }) =>
    kernel.weightings({ numbers: numbers(drawn), chunk, draws, spread }, weights),
  bands: (given) => {
    const { stream, weights, layers, choice } = bandsQuestion(given);
    return kernel.bandsFrom(kernel.weightings(stream, weights), layers, choice);
  },
};

/** What the page would ask for bands, from the case as it travels. */
export function bandsQuestion({ stream, tree, values, weights, varied, choice, span }) {
  const { score, layers } = kernel.evaluateTree(tree, numbers(values), weights, choice);
  const eligible = Uint8Array.from(score, (x) => !Number.isNaN(x));
  return {
    stream: { ...stream, numbers: numbers(stream.numbers) },
    weights: varied.map((id) => weights[`layer:${id}`]),
    layers: varied.map((id) => layers[id]),
    choice: { ...choice, eligible, span },
  };
}

export function answer(line) {
  const { ask, ...given } = JSON.parse(line);
  try {
    return JSON.stringify(plain(QUESTIONS[ask](given)));
  } catch (error) {
    if (!error.code) throw error;
    return JSON.stringify({ error: error.code });
  }
}

if (here.protocol === "file:") {
  const { createInterface } = await import("node:readline");
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${answer(line)}\n`);
  }
}
