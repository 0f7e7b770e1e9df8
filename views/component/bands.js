/**
 * Questions for rank bands, asked once the hand rests, and only the newest of them.
 *
 * Where no worker can run, no answer ever comes, and the server's is waited for.
 */

/** Milliseconds without a move after which the hand counts as resting. */
export const REST = 80;

let worker = null;
let asked = 0;
/** Whether the worker is at work; a question that comes meanwhile waits, and the last one wins. */
let busy = false;
let next = null;
let resting = null;
/** What is asked when the hand has rested. */
let waiting = null;
let answerTo = null;

/**
 * Start the worker, so that the first question need not wait for it.
 *
 * @param {string} [code] address of its code as one plain script, for a page that carries it inside
 */
export function prepare(code) {
  if (worker || typeof Worker === "undefined") return;
  try {
    // A page without a site of its own, such as a sandboxed frame, can start plain scripts only.
    worker = code ? new Worker(code)
      : new Worker(new URL("./bands.worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => taken(data);
    // A worker that fails to load stays silent; so does its question.
    worker.onerror = (event) => event.preventDefault();
  } catch {
    // A page opened as a file may not start workers.
  }
}

/**
 * Ask once the hand has rested, unless something newer is asked or `drop` is called before.
 *
 * @param {() => object} question makes what `bands.worker.js` takes, without `id`
 * @param {(bands: object) => void} answer is given what `bandsFrom` returns
 */
export function ask(question, answer) {
  drop();
  waiting = () => { waiting = null; next = { question, answer }; post(); };
  resting = setTimeout(waiting, REST);
}

/** The hand has let go: what waits for its rest is asked now. */
export function hurry() {
  clearTimeout(resting);
  waiting?.();
}

/** Nobody waits for bands any more: the weights have changed, or the server has spoken. */
export function drop() {
  clearTimeout(resting);
  next = answerTo = waiting = null;
}

function post() {
  if (!worker || busy || !next) return;
  answerTo = next.answer;
  busy = true;
  worker.postMessage({ id: asked += 1, ...next.question() });
  next = null;
}

function taken({ id, bands }) {
  busy = false;
  if (bands && id === asked) answerTo?.(bands);
  post();
}
