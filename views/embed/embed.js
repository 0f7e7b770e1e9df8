/**
 * An embed's map: the app's own map and sliders on a page that has everything inside itself.
 *
 * The page holds a picture, a table and, as JSON, what `picture.py` tells. The drawing is taken
 * from the picture's paths, names from the table; after that the app's modules do what they do there.
 */

import { prepare } from "../component/bands.js";
import { html } from "../component/dom.js";
import { loadDrawing } from "../component/geometry.js";
import { listen, move } from "../component/live.js";
import { render as renderMap } from "../component/map.js";
import { render as renderWeight } from "../component/weights.js";
import { fill, numberFormat } from "../component/writing.js";
import "./height.js";

/** Milliseconds after the last move until the table follows; the map follows at once. */
const REST = 120;
/** Columns of the table. */
const [RANK, NAME, BAND, SCORE] = [0, 1, 2, 3];

const told = JSON.parse(document.querySelector("#told").textContent);
const still = document.querySelector("#still");
const table = document.querySelector("#rows");
const body = table.querySelector("tbody");
const rows = [...body.rows];
const rowOf = (at) => rows[told.rows[at]];
const names = told.ids.map((id, at) => told.absent[id] ?? rowOf(at).cells[NAME].textContent);

const address = (parts, type = "") => URL.createObjectURL(new Blob(parts, { type }));
/** Tells the parts that the page has their styles already. */
const styled = () => html("span", { "data-atlas-css": "", hidden: "" });

function drawing() {
  const [width, height] = told.size;
  const paths = [...still.querySelectorAll(".places path")];
  const regions = told.hits.map(([x, y, r], at) =>
    ({ id: told.ids[at], d: paths[at].getAttribute("d"), x, y, r }));
  const outlines = still.querySelector("#lines").getAttribute("d");
  return { version: told.version, width, height, regions, outlines };
}

/** Lines of the tips from their forms and numbers; the name comes first. */
function tips({ forms, rows: folded }) {
  const lines = (row) => row.split(";").map((line) => {
    const [form, ...numbers] = line.split(" ");
    return forms[form].replaceAll("\ue000", () => numbers.shift());
  });
  return folded.map((row, at) => [names[at], ...lines(row)]);
}

const numbers = (text) =>
  new Float64Array(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);

/** The app's model of moving weights; it fetches its tables, from this page's own memory. */
function model({ values, partly, stream, ...rest }) {
  const scores = numbers(values);
  const coverage = new Float64Array(scores.length).fill(1);
  for (const [layer, row, share] of partly) coverage[layer * told.ids.length + row] = share;
  const { numbers: drawn, ...about } = stream;
  return { ...rest, address: address([scores, coverage]),
    stream: { ...about, address: address([numbers(drawn)]) } };
}

// The map.

const root = html("div", { class: "moving waiting" }, styled());
const geometry = address([JSON.stringify(drawing())]);
const flags = (list) => list && list.map(Boolean);
const data = {
  geometry_url: geometry, ids: told.ids, classes: told.classes, cls: told.cls,
  doubt: flags(told.doubt), dim: flags(told.dim), tips: tips(told.tips), selected: null,
  title: told.legend, description: told.description, legend_title: told.legend,
  missing_label: told.missing_label, missing_count: told.missing, doubt_label: told.doubt_label,
  texts: told.texts, announce: "", height: 660, live: told.live && model(told.live),
};
const show = () => renderMap({ data, parentElement: root, setTriggerValue: (_, id) => choose(id) });

/** The picture stays until the map is there, so that nothing jumps. */
async function replacePicture() {
  still.after(root);
  show();
  await loadDrawing(geometry);
  root.classList.remove("waiting");
  still.remove();
}

// One region: found by name or on the map, shown below the map and in the table.

const card = document.querySelector("#chosen");
const search = document.querySelector("#find input");

function choose(id) {
  data.selected = id;
  renewCard();
  const at = told.ids.indexOf(id);
  search.value = names[at] ?? "";
  // The table alone is scrolled: the page, and the one around it, stay where they are.
  const row = rowOf(at);
  const room = table.parentElement;
  if (row) room.scrollTop = row.offsetTop - room.clientHeight / 2;
}

function renewCard() {
  const at = told.ids.indexOf(data.selected);
  body.querySelector("[aria-current]")?.removeAttribute("aria-current");
  card.hidden = at < 0;
  if (at < 0) return;
  const row = rowOf(at);
  row?.setAttribute("aria-current", "true");
  const heads = [...table.tHead.rows[0].cells].map(({ textContent }) => textContent);
  const facts = row ? [...row.cells].map(({ textContent }, column) => [heads[column], textContent])
    .filter((_, column) => column !== NAME) : [];
  card.replaceChildren(html("strong", {}, names[at]),
    html("dl", {}, ...facts.map(([name, value]) =>
      html("div", {}, html("dt", {}, name), html("dd", {}, value)))));
}

/** The region of that name, else the first that begins with it, else one that holds it; or -1. */
function found(typed) {
  if (!typed) return -1;
  const lower = names.map((name) => name.toLocaleLowerCase());
  const ways = [(name) => name === typed, (name) => name.startsWith(typed),
    (name) => name.includes(typed)];
  return ways.map((way) => lower.findIndex(way)).find((at) => at >= 0) ?? -1;
}

function offerSearch() {
  const sorted = names.toSorted((a, b) => a.localeCompare(b, document.documentElement.lang));
  search.after(html("datalist", { id: "names" },
    ...sorted.map((value) => html("option", { value }))));
  search.setAttribute("list", "names");
  search.closest("#find").hidden = false;
  search.addEventListener("change", () => {
    const typed = search.value.trim();
    const at = found(typed.toLocaleLowerCase());
    choose(told.ids[at] ?? null);
    show();
    if (at >= 0 || !typed) return;
    search.value = typed;
    card.replaceChildren(told.not_found);
    card.hidden = false;
  });
}

// Sliders, and the table that follows them.

function offerSliders() {
  const list = document.querySelector("#weights ul");
  const none = document.querySelector("#no-weights");
  const whose = document.querySelector("#whose");
  const theirs = whose.textContent;
  const weights = new Map();
  const mounts = told.sliders.map((slider) => {
    const parentElement = html("div", {}, styled());
    list.append(html("li", {}, html("span", { "aria-hidden": "true" }, slider.name), parentElement));
    const answer = (value) => {
      const setStateValue = (_, told) => { answer(told.value); move(); };
      renderWeight({ data: { ...slider, value }, parentElement, setStateValue });
      weights.set(slider.layer, value);
      none.hidden = [...weights.values()].some((weight) => weight > 0);
      const moved = told.sliders.some((one) => weights.has(one.layer)
        && weights.get(one.layer) !== one.value);
      whose.textContent = moved ? told.own_weights : theirs;
    };
    answer(slider.value);
    return () => answer(slider.value);
  });
  document.querySelector("#weights button").onclick = () => {
    for (const back of mounts) back();
    move();
  };
  document.querySelector("#weights").hidden = false;
  const code = document.querySelector("#code").textContent;
  prepare(address([code], "text/javascript"));
  listen(follow);
}

let resting = null;

function follow(now, bands) {
  clearTimeout(resting);
  if (bands) rewrite(now, bands);
  else resting = setTimeout(() => rewrite(now, null), REST);
}

function rewrite({ rank, score }, bands) {
  const format = numberFormat(told.live.locale, 1);
  told.ids.forEach((_, at) => {
    const cells = rowOf(at)?.cells;
    if (!cells) return;
    cells[RANK].textContent = rank[at] || "–";
    cells[SCORE].textContent = rank[at] ? format.format(score[at]) : "–";
    if (bands) {
      const [low, high] = [bands.p05[at], bands.p95[at]];
      cells[BAND].textContent = low ? fill(told.band_range, { low, high }) : "–";
    }
  });
  const order = [...told.ids.keys()].filter((at) => rowOf(at))
    .sort((a, b) => (rank[a] || Infinity) - (rank[b] || Infinity) || a - b);
  body.append(...order.map(rowOf));
  // Until bands are known for the reader's weights, those of the page stand there, paled and named.
  table.classList.toggle("other-weights", !bands);
  document.querySelector("#other-weights").hidden = Boolean(bands);
  document.querySelector("#said").textContent = fill(told.moved, { name: names[order[0]] });
  renewCard();
}

for (const note of document.querySelectorAll(".without-script")) note.remove();
if (told.live) offerSliders();
offerSearch();
replacePicture();
