/** Stylesheets lie beside the modules and are linked into the root of each part. */

import { html } from "./dom.js";

/**
 * Link a stylesheet. Nothing is shown before it is there, so that nothing jumps. A page that brings
 * its own copy marks it with `data-atlas-css`.
 */
export function link(root, file, shown) {
  if (root.querySelector("[data-atlas-css]")) return;
  const { search } = new URL(import.meta.url);
  const sheet = html("link", {
    rel: "stylesheet",
    href: new URL(`${file}${search}`, import.meta.url).href,
    "data-atlas-css": "",
  });
  shown.style.visibility = "hidden";
  sheet.onload = sheet.onerror = () => { shown.style.visibility = ""; };
  root.prepend(sheet);
}
