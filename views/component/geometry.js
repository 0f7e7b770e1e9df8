/** The drawing is fetched once per address and shared by all maps of the page. */

const fetched = new Map();

async function fetchDrawing(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: HTTP ${answer.status}`);
  return answer.json();
}

/** A failed fetch is forgotten, so that the next call tries again. */
export function loadDrawing(url) {
  const address = new URL(url, document.baseURI).href;
  if (!fetched.has(address)) {
    const drawing = fetchDrawing(address);
    drawing.catch(() => fetched.delete(address));
    fetched.set(address, drawing);
  }
  return fetched.get(address);
}
