/** A question that is answered in words. */

import { element } from "../dom.js";

export class Essay {
  /**
   * @param {import("./work.js").Work} work
   * @param {{id: string, label: string, task: string}} cell
   */
  constructor(work, { id, label, task }) {
    this.id = id;
    const box = document.getElementById(`cell-${id}`);
    const shown = [...box.children].filter((child) => !child.matches(".admonition-title"));
    this.starter = shown.map((child) => child.textContent).join("\n\n");
    this.field = element("textarea", { rows: "8", "aria-label": `${label} (${task})` });
    shown.forEach((child) => child.remove());
    box.append(this.field);
    this.take(work.get(id));
    this.field.addEventListener("input", () => work.set(id, this.edited));
  }

  /** What was written; null if nothing was. */
  get edited() {
    return this.field.value.trim() ? this.field.value : null;
  }

  take(text) {
    if (this.field.value !== (text ?? "")) this.field.value = text ?? "";
  }
}
