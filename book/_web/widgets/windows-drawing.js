/** Draws where the windows of a pooling lie along one axis, as `pooling.figures.draw_windows` does. */

import { unreadCells } from "../pooling/geometry.js";
import { attributes, html } from "./html.js";
import { count, listed } from "./parts.js";

/** Length of a cell; the drawing is scaled to the widget's width. */
const CELL = 40;
/** From one window to the next, and from the axis to the first one. */
const LINE = 22;
const TOP = CELL + 18;
/** Of more cells than this only every fifth has its number, above it: a phone is narrow. */
const MOST_NUMBERED = 16;
const COLOURS = 4;

/**
 * @param {import("../pooling/geometry.js").Axis} axis
 * @param {string} id of the widget
 */
export function drawWindows(axis, id) {
  const { size, before, after, windows, dropped } = axis;
  const all = dropped ? [...windows, dropped] : windows;
  const columns = Math.max(size + after, ...all.map(({ taps }) => taps.at(-1) + 1)) + before;
  const top = size > MOST_NUMBERED ? -CELL : -4;
  const box = [-before * CELL - 4, top, columns * CELL + 8, TOP + (all.length + 0.5) * LINE - top];
  const classes = `windows${size > MOST_NUMBERED ? " sparse" : ""}`;
  const figure = { class: classes, role: "img", "aria-label": description(axis), viewBox: box.join(" ") };
  return html`<svg${attributes(figure)} style="--columns: ${columns}">
    <pattern id="${id}-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d="M4 0V8" />
    </pattern>
    ${cells(axis, id)}
    ${windows.map((window, index) => line(window, index, size, `colour-${index % COLOURS}`))}
    ${dropped && line(dropped, windows.length + 0.5, size, "dropped")}
  </svg>`;
}

function cells(axis, id) {
  const unread = new Set(unreadCells(axis));
  const places = Array.from({ length: axis.before + axis.size + axis.after }, (_, index) => index - axis.before);
  const sparse = axis.size > MOST_NUMBERED;
  return places.map((place) => {
    const real = place >= 0 && place < axis.size;
    const square = { x: place * CELL, y: 0, width: CELL, height: CELL };
    const label = { x: (place + 0.5) * CELL, y: sparse ? -CELL / 2 : CELL / 2 };
    return html`<rect${attributes({ ...square, class: real ? "cell" : "pad" })} />
      ${unread.has(place) && html`<rect${attributes({ ...square, fill: `url(#${id}-hatch)` })} />`}
      ${(!sparse || (real && place % 5 === 0)) && html`<text${attributes(label)}>${real ? place : "pad"}</text>`}`;
  });
}

function line({ taps }, index, size, className) {
  const middle = TOP + index * LINE;
  const centre = (tap) => (tap + 0.5) * CELL;
  return html`<g class="window ${className}">
    <path d="M${centre(taps[0])} ${middle}H${centre(taps.at(-1))}" />
    ${taps.map((tap) => {
      const place = { x: tap * CELL + 3, y: middle - 7.5, width: CELL - 6, height: 15 };
      return html`<rect${attributes({ ...place, class: tap >= 0 && tap < size ? null : "open" })} />`;
    })}
    ${className === "dropped" && html`<text x="${taps[0] * CELL - 4}" y="${middle}">dropped</text>`}
  </g>`;
}

/** The drawing in words. */
function description(axis) {
  const { size, before, after, windows, dropped } = axis;
  const padding = before + after > 0 ? ` with padding, ${before} before and ${after} after` : "";
  const reads = windows.map(({ cells }, index) => `window ${index} reads ${listed(cells)}`);
  const unread = unreadCells(axis);
  return [
    `${count(size, "cell")}${padding}`,
    ...reads,
    dropped && "one more window is counted and dropped",
    unread.length > 0 && `no window reads ${listed(unread)}`,
  ].filter(Boolean).join("; ");
}
