/** Counts the windows on an axis: a drawing, the formula worked out with the reader's numbers, and what is left unread. */

import { pooledAxis, unreadCells } from "../pooling/geometry.js";
import { html } from "./html.js";
import { flag, integer, integerOr, quantity } from "./options.js";
import { controls, count, footer, listed, number } from "./parts.js";
import { drawWindows } from "./windows-drawing.js";

/** Longer axes are worked out, but not drawn. */
const MOST_DRAWN = 32;

export const outputSizeCalculator = {
  tag: "output-size-calculator",
  title: "Output size calculator",
  options: {
    size: quantity({ label: "size L (1 to 1024)", unit: "cell", value: 12, least: 1, most: 1024 }),
    kernel: integer({ label: "kernel size k", value: 3, least: 1, most: 12 }),
    stride: integer({ label: "stride s", value: 2, least: 1, most: 12 }),
    padding: integerOr({ label: "padding p", value: 0, least: 0, most: 6, word: "same" }),
    dilation: integer({ label: "dilation d", value: 1, least: 1, most: 6 }),
    ceil: flag({ label: "ceil_mode", value: false }),
  },
  view(state, ui) {
    return html`
      ${ui.live && controls(this, Object.keys(this.options), state, ui)}
      <div>${answer(state, ui)}</div>
      ${ui.live && footer([], ui)}
    `;
  },
};

function answer(state, ui) {
  const { size, kernel: kernelSize, stride, padding, dilation, ceil: ceilMode } = state;
  const python = html`<p class="call"><code>${call(state)}</code></p>`;
  try {
    const axis = pooledAxis(size, { kernelSize, stride, padding, dilation, ceilMode });
    return html`
      <p role="status">${summary(axis)}</p>
      ${size <= MOST_DRAWN && drawWindows(axis, ui.id)}
      <p class="working">${working(axis, state).map((line) => html`<span>${line}</span>`)}</p>
      ${python}
    `;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return html`
      <p role="status" class="refusal">${error.message}</p>
      ${python}
    `;
  }
}

/** The formula, in letters and then in numbers, a step on every line. */
function working(axis, { padding, ceil }) {
  const { size, kernelSize, stride, dilation, before, after, windows, dropped } = axis;
  const [open, close] = ceil ? ["⌈", "⌉"] : ["⌊", "⌋"];
  const padded = padding === "same" ? ["before + after", `${before} + ${after}`] : ["2·p", `2·${before}`];
  const room = size + before + after - dilation * (kernelSize - 1) - 1;
  const counted = windows.length + (dropped ? 1 : 0);
  const lines = [
    `n = ${open}(L + ${padded[0]} − d·(k − 1) − 1) / s${close} + 1`,
    `= ${open}(${size} + ${padded[1]} − ${dilation}·(${kernelSize} − 1) − 1) / ${stride}${close} + 1`,
    `= ${open}${number(room)} / ${stride}${close} + 1`,
    `= ${number(counted - 1)} + 1`,
    `= ${counted}`,
  ];
  if (!dropped) return lines;
  const why = `the last of them would start at cell ${dropped.taps[0]}, behind the last real one, and is dropped`;
  return [...lines, `${counted} − 1 = ${windows.length}: ${why}`];
}

function summary(axis) {
  const unread = unreadCells(axis);
  const many = unread.length > 9 ? `, ${unread.length} in all` : "";
  return [
    `${count(axis.windows.length, "window")}.`,
    unread.length === 0 && "Every cell is read.",
    unread.length > 0 && `No window reads ${unread.length === 1 ? "cell" : "cells"} ${listed(unread)}${many}.`,
    axis.size > MOST_DRAWN && `Up to ${MOST_DRAWN} cells are drawn.`,
  ].filter(Boolean).join(" ");
}

/** The same count as a line of Python. */
function call({ size, kernel, stride, padding, dilation, ceil }) {
  const written = [
    `kernel_size=${kernel}`,
    stride !== kernel && `stride=${stride}`,
    padding !== 0 && `padding=${padding === "same" ? '"same"' : padding}`,
    dilation > 1 && `dilation=${dilation}`,
    ceil && "ceil_mode=True",
  ];
  return `output_size(${[size, ...written.filter(Boolean)].join(", ")})`;
}
