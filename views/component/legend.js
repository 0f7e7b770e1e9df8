/** The legend as a real list, the highest class (A) on top: swatch, letter, bounds, number. */

import { html } from "./dom.js";

const FIRST_LETTER = "A".charCodeAt(0);
const count = (values, wanted) => values.filter((value) => value === wanted).length;

const row = (kind, colour, letter, label, number) => {
  const swatch = html("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
  if (colour) swatch.style.setProperty("--swatch", colour);
  return html("li", {}, swatch, html("span", { class: "letter" }, letter),
    html("span", { class: "bounds" }, label),
    html("span", { class: "count" }, number === null ? "" : String(number)));
};

/** Number of unsure classes; an ellipsis while it is being worked out. */
const unsure = ({ doubt, doubt_pending: pending }) =>
  (doubt ? count(doubt, true) : pending ? "…" : null);

const rows = (data) => {
  const { classes, cls, missing_count: missing, missing_label: missingLabel,
    doubt_label: doubtLabel, texts } = data;
  const outside = count(cls, -2);
  return [
    ...classes.toReversed().map(({ colour, label, count: number }, index) =>
      row("class", colour, String.fromCharCode(FIRST_LETTER + index), label, number)),
    ...(missing ? [row("missing", null, "", missingLabel, missing)] : []),
    ...(outside && texts.outside ? [row("outside", null, "", texts.outside, outside)] : []),
    ...(unsure(data) === null ? [] : [row("doubt", null, "", doubtLabel, unsure(data))]),
  ];
};

/** What the legend is made of, to see whether it has changed. */
export const legendKey = (data) => JSON.stringify([data.classes, data.legend_title,
  data.missing_count, data.missing_label, data.doubt_label, data.texts.outside,
  count(data.cls, -2), unsure(data)]);

export const legend = (data) => [
  html("p", { class: "legend-title" }, data.legend_title),
  html("ul", { "aria-label": data.legend_title }, ...rows(data)),
];
