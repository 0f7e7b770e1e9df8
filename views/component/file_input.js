/**
 * Files that somebody gives: chosen with keyboard or mouse, or dropped. They are read here, and only
 * their content goes to the server: text as it is, anything else in base64. What is too large, or no
 * text where text is asked for, does not leave the browser.
 *
 * `component.data` is described in `file_input.py`.
 */

import { html } from "./dom.js";
import { mounted } from "./mount.js";
import { link } from "./style.js";

export const render = mounted((root) => new FileView(root));

class FileView {
  constructor(root) {
    this.title = html("span", { class: "title" });
    this.input = html("input", { type: "file", "aria-describedby": "hint" });
    this.act = html("span", { class: "act" });
    this.drop = html("span", { class: "drop" });
    this.hint = html("p", { class: "hint", id: "hint" });
    this.told = html("p", { class: "told", role: "status" });
    this.zone = html("label", { class: "zone" }, this.title, this.input, this.act, this.drop);
    this.box = html("div", { class: "files" }, this.zone, this.hint, this.told);
    root.append(this.box);
    link(root, "file_input.css", this.box);
    this.input.addEventListener("change", () => {
      const files = [...this.input.files];
      // The same file, mended meanwhile, can be given again.
      this.input.value = "";
      this.take(files);
    });
    this.receiveDrops();
  }

  receiveDrops() {
    const { zone } = this;
    const over = (on) => (event) => {
      event.preventDefault();
      zone.classList.toggle("over", on);
    };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      this.take([...event.dataTransfer.files]);
    });
  }

  update(component) {
    this.component = component;
    const { texts, suffixes, most } = this.data = component.data;
    this.input.accept = suffixes.join(",");
    this.input.multiple = most > 1;
    for (const part of ["title", "act", "drop", "hint"]) this[part].textContent = texts[part];
  }

  async take(files) {
    const { texts, most } = this.data;
    if (!files.length) return;
    const read = await Promise.all(files.slice(0, most).map((file) => this.read(file)));
    const good = read.filter((one) => !one.fault);
    const lines = read.filter((one) => one.fault)
      .map(({ name, fault }) => texts[fault].replace("{name}", name));
    if (files.length > most) lines.push(texts.many);
    if (good.length) lines.push(texts.read.replace("{names}", good.map((one) => one.name).join(", ")));
    this.told.textContent = lines.join(" ");
    this.told.classList.toggle("wrong", good.length < files.length);
    if (good.length) this.component.setTriggerValue("files", good);
  }

  /** Name and content of a file, or name and why it is not taken. */
  async read(file) {
    const { name } = file;
    const { suffixes, largest, binary } = this.data;
    const ending = suffixes.some((suffix) => name.toLowerCase().endsWith(suffix));
    if (!ending) return { name, fault: "kind" };
    if (file.size > largest) return { name, fault: "large" };
    try {
      if (binary) return { name, content: await inBase64(file) };
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      return text.includes("\0") ? { name, fault: "no_text" } : { name, text };
    } catch (error) {
      return { name, fault: error instanceof TypeError ? "no_text" : "unreadable" };
    }
  }

  destroy() {
    this.box.remove();
  }
}

/** Content of a file as base64, which the browser makes faster than a script could. */
function inBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
