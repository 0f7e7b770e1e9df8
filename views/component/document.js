/**
 * What holds for the whole page: its language, Streamlit's own words in it, which page of the menus
 * it is, and where the keyboard goes when something opens above the page.
 *
 * Streamlit writes its words anew whenever it draws; they are replaced as they come.
 */

import { inLanguage } from "./streamlit_words.js";

const ATTRIBUTES = ["aria-label", "placeholder", "title"];
const CARRIERS = ATTRIBUTES.map((name) => `[${name}]`).join();
const POPOVER = '[data-testid="stPopoverBody"]';
const USABLE = "button:enabled, input:enabled, textarea:enabled, a[href], summary";
/** Milliseconds that a rerun may take to draw something again at its place. */
const REDRAWN = 400;
/** How often to look again, as long as a file is being made. */
const LOOKS = 50;
const DOORS = '[data-testid="stExpandSidebarButton"], [data-testid="stSidebarCollapseButton"] button';
const MENU = '[data-testid="stSidebarNavItems"]';
/** The bar of pages: its closed menus, and its links there, in an open menu and on narrow screens. */
const SECTIONS = '[data-testid="stTopNavSection"]';
const PAGES = ':is([data-testid="stTopNav"], [role="menu"], [data-testid="stSidebarNav"]) a[href]';
const CONNECTION = "data-test-connection-state";
/** Names of languages stand in their own language. */
const TONGUES = { Deutsch: "de", English: "en" };
let language = "en";
let menu = "";
let watched = false;
/** What the last run of the page gave to speak to the server by. */
let told = null;
let byKeyboard = false;
let opened = null;
/** What had the focus last, and the parts of the page around it from the inside out. */
let held = null;

export function render(component) {
  const { data } = told = component;
  const page = document.documentElement;
  page.style.setProperty("--atlas-expand", JSON.stringify(data.expand));
  menu = data.menu;
  markPlace();
  if (watched && language === data.language) return;
  page.lang = language = data.language;
  renew(document.body);
  mend();
  if (!watched) watch();
  watched = true;
}

/** Draw the page anew once a lost connection is back: it may lead to a server that knows nothing of
 *  the page but its link, and what is done next would be lost there. */
function watchConnection() {
  let lost = false;
  new MutationObserver(([{ target }]) => {
    const there = target.getAttribute(CONNECTION) === "CONNECTED";
    if (there && lost) told.setTriggerValue("back", true);
    lost = !there;
  }).observe(document.body, { subtree: true, attributeFilter: [CONNECTION] });
}

function watch() {
  watchConnection();
  addEventListener("keydown", () => { byKeyboard = true; }, true);
  addEventListener("pointerdown", () => { byKeyboard = false; }, true);
  addEventListener("focusin", ({ target }) => { held = { node: target, around: around(target) }; });
  new MutationObserver((all) => {
    for (const { type, target, addedNodes } of all) {
      if (type === "childList") addedNodes.forEach(renew);
      else if (type === "attributes") renewNames(target);
      else renewText(target);
    }
    mend();
    followPopover();
    keepFocus();
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributeFilter: [...ATTRIBUTES, "disabled"],
  });
}

function renew(node) {
  if (node.nodeType === Node.TEXT_NODE) renewText(node);
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  renewNames(node);
  node.querySelectorAll(CARRIERS).forEach(renewNames);
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) renewText(texts.currentNode);
}

/** Nothing is written that is there already: every change would come back as news. */
function renewNames(element) {
  for (const name of ATTRIBUTES) {
    const old = element.getAttribute(name);
    const wanted = old && inLanguage(old, language);
    if (wanted !== old) element.setAttribute(name, wanted);
  }
}

function renewText(text) {
  const wanted = inLanguage(text.data, language);
  if (wanted !== text.data) text.data = wanted;
}

/** What Streamlit leaves unsaid of its own parts; only what is new there is touched. */
function mend() {
  document.querySelectorAll(".st-key-language button:not([lang])").forEach((one) => {
    one.lang = TONGUES[one.innerText.trim()] ?? "";
  });
  // A chosen word in a field has a name, and so needs a role.
  document.querySelectorAll("[data-tag][aria-label]:not([role])").forEach((one) => {
    one.role = "group";
  });
  // On narrow screens the menus stand in boxes inside one list, which HTML has no way to say.
  document.querySelectorAll(`${MENU}:not([role])`).forEach((list) => { list.role = "list"; });
  document.querySelectorAll(`${MENU} li:not([role])`).forEach((item) => { item.role = "listitem"; });
  markPlace();
}

/** Say which page of the bar this is, and which closed menu holds it; Streamlit tells only the eye. */
function markPlace() {
  document.querySelectorAll(PAGES).forEach((one) => {
    mark(one, one.pathname === location.pathname ? "page" : null);
  });
  document.querySelectorAll(SECTIONS).forEach((one) => {
    mark(one, one.textContent.trim() === menu ? "true" : null);
  });
}

function mark(node, current) {
  if (node.ariaCurrent !== current) node.ariaCurrent = current;
}

const usable = (node) => node?.isConnected && !node.disabled
  && node.checkVisibility({ visibilityProperty: true });

function around(node) {
  const parts = [];
  for (let one = node.parentElement; one && one !== document.body; one = one.parentElement) {
    const key = [...one.classList].find((name) => name.startsWith("st-key-"));
    if (key) parts.push(`.${CSS.escape(key)} :is(${USABLE})`);
  }
  // What opens the sidebar and what closes it stand at different places.
  return node.closest(DOORS) ? [...parts, ...DOORS.split(", ")] : parts;
}

/** A rerun may switch off, draw anew or take away what has the focus: it stays, or goes close by. */
function keepFocus() {
  if (!byKeyboard || !held || held.awaited || usable(held.node)) return;
  held.awaited = true;
  setTimeout(goBack, REDRAWN, held, LOOKS);
}

function goBack(from, looks) {
  if (held !== from || document.activeElement !== document.body) return;
  const near = from.around.map((part) => document.querySelector(part));
  const to = [from.node, ...near].find(usable);
  if (to) to.focus({ preventScroll: true });
  else if (looks) setTimeout(goBack, REDRAWN, from, looks - 1);
}

/** A popover stands at the end of the document: the keyboard goes there, and back to its button. */
function followPopover() {
  if (opened && !opened.body.isConnected) {
    if (document.activeElement === document.body) opened.button.focus();
    opened = null;
  }
  const body = document.querySelector(POPOVER);
  if (!body || opened) return;
  opened = { body, button: document.activeElement };
  if (!byKeyboard) return;
  body.tabIndex = -1;
  body.focus({ preventScroll: true });
}
