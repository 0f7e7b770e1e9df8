/**
 * From a view class to the function that Streamlit calls: one view per root, kept over reruns.
 *
 * `make(root)` gives an object with `update(component)` and `destroy()`.
 */
export function mounted(make) {
  const entries = new WeakMap();
  return (component) => {
    const root = component.parentElement;
    if (!entries.has(root)) entries.set(root, { view: make(root), turn: 0 });
    const entry = entries.get(root);
    const turn = entry.turn += 1;
    entry.view.update(component);
    return () => {
      // A render that was overtaken by a newer one is cleaned up late and must not take it along.
      if (entry.turn !== turn) return;
      entry.view.destroy();
      entries.delete(root);
    };
  };
}
