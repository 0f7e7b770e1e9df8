/**
 * Rank bands away from the page's own thread, so that the map never waits for them.
 *
 * Takes `{id, stream, weights, layers, choice}`, the weights and layers being those that have a
 * weight, as `weightings` and `bandsFrom` do, and answers `{id, bands}`, or `{id, error}` with the
 * code of what can not be computed; `id` comes back so that the page can drop an answer that a
 * newer question has overtaken.
 */

import { bandsFrom, weightings } from "./kernel.js";

self.onmessage = ({ data: { id, stream, weights, layers, choice } }) => {
  try {
    const bands = bandsFrom(weightings(stream, weights), layers, choice);
    self.postMessage({ id, bands }, Object.values(bands).map(({ buffer }) => buffer));
  } catch (error) {
    self.postMessage({ id, error: error.code ?? String(error) });
  }
};
