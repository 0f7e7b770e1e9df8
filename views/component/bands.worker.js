/**
 * Rank bands away from the page's own thread, so that the map never waits for them.
 *
 * Takes `{id, draws, layers, choice}` as `bandsFrom` does and answers `{id, bands}`, or
 * `{id, error}` with the code of what can not be computed; `id` comes back so that the page can
 * drop an answer that a newer question has overtaken.
 */

import { bandsFrom } from "./kernel.js";

self.onmessage = ({ data: { id, draws, layers, choice } }) => {
  try {
    const bands = bandsFrom(draws, layers, choice);
    self.postMessage({ id, bands }, Object.values(bands).map(({ buffer }) => buffer));
  } catch (error) {
    self.postMessage({ id, error: error.code ?? String(error) });
  }
};
