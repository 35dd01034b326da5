/** What stands around and inside a widget's element, the same while the book is built and in the browser. */

import { attributes, html } from "./html.js";

/** The element itself, with a figure inside; `preset` holds the texts that a chapter gives for its options. */
export function element(widget, preset, state, ui) {
  const own = {
    class: "widget",
    id: ui.id,
    role: "group",
    "aria-labelledby": `${ui.id}-title`,
    "data-title": ui.title,
    "data-preset": JSON.stringify(preset),
  };
  return `<${widget.tag}${attributes(own)}>${inside(widget, state, ui)}</${widget.tag}>`;
}

/** What is inside the element. */
export function inside(widget, state, ui) {
  return html`<p class="widget-title" id="${ui.id}-title">${ui.title}</p>
    ${widget.view(state, ui)}
    ${ui.live && html`<p class="problem" aria-live="polite">${ui.problem}</p>`}`;
}
