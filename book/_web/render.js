/**
 * Draws widgets while the book is built, as the figures that readers see before scripts run, or without any.
 *
 *     node render.js           writes, as JSON, the tag of every widget and the names of its options
 *     node render.js figure    reads {"tag", "id", "title", "options": {…}, "content"}, where title and content may be
 *                              null, and writes {"html"}, or {"error"} for options that do not fit
 */

import { text } from "node:stream/consumers";

import { element } from "./widgets/frame.js";
import { widgets } from "./widgets/index.js";
import { preset } from "./widgets/state.js";

function figure({ tag, id, title, options, content }) {
  const widget = widgets.find((candidate) => candidate.tag === tag);
  if (content && !widget.content) return { error: `takes no content; got ${JSON.stringify(content)}` };
  const texts = content ? { ...options, [widget.content]: content } : options;
  try {
    const ui = { id, title: title ?? widget.title, live: false, pointed: null, current: {} };
    return { html: element(widget, texts, preset(widget, texts), ui) };
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
