/**
 * What holds for the whole page: its language, Streamlit's own words in it, and where the keyboard
 * goes when something opens above the page.
 *
 * Streamlit writes its words anew whenever it draws; they are replaced as they come.
 */

import { inLanguage } from "./streamlit_words.js";

const ATTRIBUTES = ["aria-label", "placeholder", "title"];
const CARRIERS = ATTRIBUTES.map((name) => `[${name}]`).join();
const POPOVER = '[data-testid="stPopoverBody"]';
const MENU = '[data-testid="stSidebarNavItems"]';
let language = "en";
let watched = false;
let byKeyboard = false;
let opened = null;

export function render({ data }) {
  const page = document.documentElement;
  page.style.setProperty("--atlas-expand", JSON.stringify(data.expand));
  if (watched && language === data.language) return;
  page.lang = language = data.language;
  renew(document.body);
  nameMenu();
  if (!watched) watch();
  watched = true;
}

function watch() {
  addEventListener("keydown", () => { byKeyboard = true; }, true);
  addEventListener("pointerdown", () => { byKeyboard = false; }, true);
  new MutationObserver((all) => {
    for (const { type, target, addedNodes } of all) {
      if (type === "childList") addedNodes.forEach(renew);
      else if (type === "attributes") renewNames(target);
      else renewText(target);
    }
    nameMenu();
    followPopover();
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES,
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

/** On narrow screens the menus stand in boxes inside one list, which HTML has no way to say. */
function nameMenu() {
  document.querySelectorAll(`${MENU}:not([role])`).forEach((list) => { list.role = "list"; });
  document.querySelectorAll(`${MENU} li:not([role])`).forEach((item) => { item.role = "listitem"; });
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
