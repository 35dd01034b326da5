/** The shift explorer's drawings, all of one width and scaled to the widget's. */

import { attributes, html } from "./html.js";
import { number } from "./parts.js";

const WIDTH = 480;
const HEIGHT = 100;
/** A line of text. */
const LINE = 22;

/** The signal, and what the camera sees of it at its start and after the shift. */
export function drawSignal(signal, seen, shift) {
  const slot = WIDTH / signal.length;
  const frame = (name, start, line) => {
    const y = HEIGHT + 10 + line * (LINE + 6);
    return html`<g class="${name}">
      <path d="M${start * slot + 2} ${y}h${seen * slot - 4}" />
      <text x="${start * slot + 2}" y="${y + LINE / 2}">${name}</text>
    </g>`;
  };
  const label = `the signal: ${signal.map(number).join(", ")}`;
  return stage(label, HEIGHT + 2 * (LINE + 6) + 8, html`
    <g class="signal">${bars(signal, scale(signal), slot, 0.8)}</g>
    ${frame("before", 0, 0)}
    ${frame("after", shift, 1)}
  `);
}

/** Two pooled rows, one on the other; the second one may be moved along by some places. */
export function drawOutputs(before, after, places) {
  const slot = Math.min(WIDTH / before.length, 45);
  const height = scale([...before, ...after]);
  const moved = before.map((_, index) => after[index - places]);
  const equal = before.map((value, index) => value === moved[index]);
  const label = `before: ${before.map(number).join(", ")}; after: ${after.map(number).join(", ")}`;
  return stage(label, HEIGHT + LINE, html`
    <g class="before">${bars(before, height, slot, 0.84)}</g>
    <g class="after">${bars(moved, height, slot, 0.4)}</g>
    ${equal.map((same, i) => same && html`<text class="equal" x="${(i + 0.5) * slot}" y="${HEIGHT + LINE / 2}">=</text>`)}
  `);
}

/** The mean change for every shift, in place and moved along; `largest` is the top of the scale. */
export function drawChanges(comparisons, shift, largest) {
  const slot = WIDTH / comparisons.length;
  const top = LINE + 2;
  const bottom = top + HEIGHT;
  const middle = (index) => (index + 0.5) * slot;
  const points = (name) =>
    comparisons
      .map((comparison, index) => [middle(index), bottom - (HEIGHT * comparison[name].change) / largest])
      .filter(([, y]) => Number.isFinite(y));
  const words = (name) => comparisons.map((comparison) => rounded(comparison[name].change)).join(", ");
  const label = `Mean change in per cent, for shifts from 0. In place: ${words("inPlace")}. Moved along: ${words("along")}.`;
  return stage(label, bottom + 1.5 * LINE, html`
    <rect class="current" x="${shift * slot}" y="${top - 8}" width="${slot}" height="${HEIGHT + 1.5 * LINE}" rx="6" />
    <path class="axis" d="M0 ${top}H${WIDTH}M0 ${bottom}H${WIDTH}" />
    <text class="top" x="0" y="${LINE / 2}">${Math.round(largest)} %</text>
    <g class="in-place">${curve(points("inPlace"), (x, y) => html`<circle cx="${x}" cy="${y}" r="5" />`)}</g>
    <g class="along">${curve(points("along"), (x, y) => html`<rect x="${x - 5}" y="${y - 5}" width="10" height="10" />`)}</g>
    ${comparisons.map((_, index) => html`<text x="${middle(index)}" y="${bottom + LINE}">${index}</text>`)}
  `);
}

function rounded(change) {
  return Number.isFinite(change) ? number(Math.round(change)) : "none (the mean is 0)";
}

function curve(points, mark) {
  return html`<polyline points="${points.join(" ")}" />${points.map(([x, y]) => mark(x, y))}`;
}

/** Bars that stand on one line; a value that is not there leaves its place empty. */
function bars(values, height, slot, share) {
  return values.map((value, index) => {
    const size = value === undefined ? 0 : height(value);
    const place = { x: (index + (1 - share) / 2) * slot, y: HEIGHT - size, width: share * slot, height: size };
    return html`<rect${attributes(place)} />`;
  });
}

/** How tall a bar is. */
function scale(values) {
  const largest = Math.max(...values) || 1;
  return (value) => (value / largest) * (HEIGHT - 4);
}

function stage(label, height, content) {
  const figure = { class: "bars", role: "img", "aria-label": label, viewBox: `0 0 ${WIDTH} ${height}` };
  return html`<svg${attributes(figure)}>${content}</svg>`;
}
