/** Shares of 1 as percentages that add up to exactly 100, as `layers.shares` rounds them. */
export function percentages(weights, decimals) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return weights.map(() => 0);
  const unit = 10 ** decimals;
  const exact = weights.map((weight) => (weight / total) * 100 * unit);
  const floor = exact.map((value) => Math.floor(value + 1e-9));
  const missing = Math.round(100 * unit - floor.reduce((sum, value) => sum + value, 0));
  exact
    .map((value, k) => [floor[k] - value, k])
    .sort(([a, i], [b, j]) => a - b || i - j)
    .slice(0, missing)
    .forEach(([, k]) => { floor[k] += 1; });
  return floor.map((value) => value / unit);
}
