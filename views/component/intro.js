/**
 * The introduction: a few short steps at the head of a page, which cover nothing.
 *
 * It comes by itself once per browser: as soon as it was on the screen, the browser remembers that.
 * Later it opens only when the server says that somebody asked. `component.data` is described in
 * `intro.py`.
 */

import { html } from "./dom.js";

const MEMORY = "potenzialatlas.introduction";
const views = new WeakMap();
/** One for the whole page: a component that is mounted again goes on where it was. */
const state = { open: false, step: 0, asked: 0, met: false };

export function render(component) {
  const root = component.parentElement;
  if (!views.has(root)) views.set(root, new IntroView(root));
  const view = views.get(root);
  const turn = view.update(component.data);
  return () => {
    if (view.turn !== turn) return;
    view.box.remove();
    views.delete(root);
  };
}

/** Whether this browser has met the introduction; one that keeps nothing meets it once per page. */
function isNew() {
  if (state.met) return false;
  state.met = true;
  try {
    if (localStorage.getItem(MEMORY)) return false;
    localStorage.setItem(MEMORY, "seen");
  } catch {
    // Storage is switched off: better to greet once more than to fail.
  }
  return true;
}

class IntroView {
  constructor(root) {
    this.turn = 0;
    this.place = html("span", { class: "place" });
    this.head = html("strong", { tabindex: "-1" });
    this.text = html("p", { "aria-live": "polite" });
    this.back = this.button(() => this.go(-1));
    this.next = this.button(() => this.go(1));
    this.close = this.button(() => this.end());
    this.box = html("section", { class: "atlas-intro" },
      html("div", { class: "words" }, html("div", {}, this.place, this.head), this.text),
      html("div", { class: "ways" }, this.back, this.next, this.close));
    this.box.hidden = true;
    this.box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.end(); });
    root.append(this.box);
  }

  button(act) {
    const one = html("button", { type: "button" });
    one.addEventListener("click", act);
    return one;
  }

  update(data) {
    this.data = data;
    const wanted = data.asked > state.asked;
    if (wanted || (data.welcome && isNew())) Object.assign(state, { open: true, step: 0 });
    // A new session of the server counts from 0 again.
    state.asked = data.asked;
    this.show();
    if (wanted) this.greet();
    return this.turn += 1;
  }

  greet() {
    this.box.scrollIntoView({ block: "center" });
    this.head.focus({ preventScroll: true });
  }

  go(by) {
    state.step += by;
    if (state.step >= this.data.steps.length) this.end();
    else this.show();
  }

  end() {
    state.open = false;
    this.show();
  }

  show() {
    const { steps, texts } = this.data;
    const last = state.step >= steps.length - 1;
    const { head, text } = steps[Math.min(state.step, steps.length - 1)];
    this.box.hidden = !state.open;
    this.box.setAttribute("aria-label", texts.title);
    this.place.textContent = texts.place.replace("{step}", state.step + 1)
      .replace("{of}", steps.length);
    this.head.textContent = head;
    this.text.textContent = text;
    this.back.textContent = texts.back;
    this.back.hidden = state.step === 0;
    this.next.textContent = last ? texts.done : texts.next;
    this.close.textContent = texts.close;
    this.close.hidden = last;
  }
}
