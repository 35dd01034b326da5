/**
 * Draws widgets while the book is built, as the figures that readers see before scripts run, or without any.
 *
 *     node render.js                            writes, as JSON, the tag of every widget and the names of its options
 *     echo '{"tag": …, "id": …, "options": {…}, "content": "…"}' | node render.js figure
 *                                               writes {"title", "preset", "html"}, or {"error"} for options that do not fit
 */

import { text } from "node:stream/consumers";

import { widgets } from "./widgets/index.js";
import { preset } from "./widgets/state.js";

function figure({ tag, id, options, content }) {
  const widget = widgets.find((candidate) => candidate.tag === tag);
  const texts = content ? { ...options, [widget.content]: content } : options;
  try {
    const state = preset(widget, texts);
    const ui = { id, live: false, pointed: null, current: {} };
    return { title: widget.title, preset: texts, html: String(widget.view(state, ui)) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { error: error.message };
  }
}

const answer =
  process.argv[2] === "figure"
    ? figure(JSON.parse(await text(process.stdin)))
    : Object.fromEntries(widgets.map(({ tag, options }) => [tag, Object.keys(options)]));
console.log(JSON.stringify(answer));
