/** Numbers in words, as the server writes them. */

const formats = new Map();

/** Format of numbers with so many decimals, kept: making one takes longer than to use it often. */
export function numberFormat(locale, decimals, style = "decimal") {
  const key = `${locale} ${decimals} ${style}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(locale,
      { style, minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  }
  return formats.get(key);
}

const shares = new Intl.NumberFormat("en",
  { style: "percent", roundingMode: "halfEven", useGrouping: false });

/** A share, given how the server writes nought. */
export function percent(share, nought) {
  return nought.replace("0", shares.format(share).replace("%", ""));
}

/** Put values into a text at `{name}`. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}
