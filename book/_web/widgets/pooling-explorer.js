/** A plane of numbers to edit, pooled as the controls say; each output shows its window, and its gradient's way back. */

import { avgPool2d, avgPool2dBackward, maxPool2d, maxPool2dBackward, pooledAxes } from "../pooling/layers.js";
import { html } from "./html.js";
import { choice, flag, integer, plane } from "./options.js";
import { controls, count, exactly, footer, grid, listed, number } from "./parts.js";

/** Rows and columns at most. */
const MOST = 8;

export const poolingExplorer = {
  tag: "pooling-explorer",
  title: "Pooling explorer",
  /** The option that the directive's content gives. */
  content: "x",
  options: {
    operation: choice({ label: "take the", value: "max", choices: { max: "maximum", average: "average" } }),
    kernel: integer({ label: "kernel size", value: 2, least: 1, most: 4 }),
    stride: integer({ label: "stride", value: 2, least: 1, most: 4 }),
    padding: integer({ label: "padding", value: 0, least: 0, most: 2 }),
    dilation: integer({ label: "dilation", value: 1, least: 1, most: 3 }),
    ceil: flag({ label: "ceil_mode", value: false }),
    pads: flag({ label: "count_include_pad", value: true }),
    gradient: flag({ label: "show the gradient's way back", value: false }),
    x: plane({ value: "1 3 2 1; 4 2 1 0; 5 6 1 2; 7 8 3 4", mostRows: MOST, mostColumns: MOST }),
  },
  actions: {
    taller: ({ x }) => ({ x: [...x, x[0]] }),
    shorter: ({ x }) => ({ x: x.slice(0, -1) }),
    wider: ({ x }) => ({ x: x.map((row) => [...row, row[0]]) }),
    narrower: ({ x }) => ({ x: x.map((row) => row.slice(0, -1)) }),
    shuffle: ({ x }) => ({ x: x.map((row) => row.map(() => Math.floor(Math.random() * 19) - 9)) }),
  },
  view(state, ui) {
    const names = ["operation", "kernel", "stride", "padding"];
    const own = state.operation === "max" ? ["dilation", "ceil"] : ["ceil", "pads"];
    return html`
      ${ui.live && controls(this, [...names, ...own, "gradient"], state, ui)}
      ${stage(state, ui)}
      ${ui.live && footer(buttons(state), ui)}
    `;
  },
};

function buttons({ x }) {
  return [
    { action: "taller", label: "Add a row", idle: x.length === MOST },
    { action: "shorter", label: "Drop a row", idle: x.length === 1 },
    { action: "wider", label: "Add a column", idle: x[0].length === MOST },
    { action: "narrower", label: "Drop a column", idle: x[0].length === 1 },
    { action: "shuffle", label: "Other numbers" },
  ];
}

function stage(state, ui) {
  try {
    const pooled = pool(state);
    const pointed = place(pooled, ui.pointed);
    return html`
      <div class="grids">
        ${input(state, pooled, pointed, ui)}
        ${outputs(state, pooled, pointed, ui)}
        ${state.gradient && gradient(state, pooled, pointed, ui)}
      </div>
      <p class="call"><code>${call(state)}</code></p>
      <p role="status">${explanation(state, pooled, pointed)}</p>
    `;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const nothing = { rows: null, columns: null };
    return html`
      <div class="grids">${input(state, nothing, null, ui)}</div>
      <p class="call"><code>${call(state)}</code></p>
      <p role="status" class="refusal">${error.message}</p>
    `;
  }
}

/** Everything that the view shows; throws a RangeError where the numbers do not fit together. */
function pool(state) {
  const isMax = state.operation === "max";
  const options = {
    kernelSize: state.kernel,
    stride: state.stride,
    padding: state.padding,
    dilation: isMax ? state.dilation : 1,
    ceilMode: state.ceil,
    countIncludePad: state.pads,
  };
  const [rows, columns] = pooledAxes([state.x.length, state.x[0].length], options);
  const { output, indices } = isMax ? maxPool2d(state.x, options) : { output: avgPool2d(state.x, options), indices: null };
  const only = (i, j) => output.map((row, r) => row.map((_, c) => Number(i === null || (r === i && c === j))));
  const backward = isMax ? maxPool2dBackward : avgPool2dBackward;
  const gradientOf = (i, j) => backward(only(i, j), state.x, options);
  return { rows, columns, output, indices, gradient: gradientOf(null), gradientOf };
}

/** The output that is pointed at, as [row, column]; the first one where it is none, or no longer there. */
function place({ output }, pointed) {
  const [row, column] = (pointed ?? "0,0").split(",").map(Number);
  return row < output.length && column < output[0].length ? [row, column] : [0, 0];
}

function input(state, { rows, columns, indices }, pointed, ui) {
  const [height, width] = [state.x.length, state.x[0].length];
  const border = rows ? { top: rows.before, left: columns.before } : { top: 0, left: 0 };
  const filler = state.operation === "max" ? "−∞" : "0";
  const winner = indices && pointed && indices[pointed[0]][pointed[1]];
  const window = pointed && [rows.windows[pointed[0]], columns.windows[pointed[1]]];
  const read = rows && [rows, columns].map(({ windows }) => new Set(windows.flatMap(({ cells }) => cells)));
  return grid(
    {
      name: "x",
      label: `input, ${height}×${width}`,
      rows: height + border.top + (rows?.after ?? 0),
      columns: width + border.left + (columns?.after ?? 0),
      cell(gridRow, gridColumn) {
        const [row, column] = [gridRow - border.top, gridColumn - border.left];
        const real = row >= 0 && row < height && column >= 0 && column < width;
        const classes = [
          !real && "padding",
          window?.[0].taps.includes(row) && window[1].taps.includes(column) && "in-window",
          real && winner === row * width + column && "winner",
          real && read && !(read[0].has(row) && read[1].has(column)) && "unread",
        ].filter(Boolean);
        if (!real) return { text: filler, classes, kind: "text" };
        const label = `row ${row}, column ${column}`;
        return { text: exactly(state.x[row][column]), label, classes, kind: ui.live ? "input" : "text", option: "x" };
      },
    },
    ui,
  );
}

function outputs(state, { output }, pointed, ui) {
  return grid(
    {
      name: "output",
      label: `output, ${output.length}×${output[0].length}`,
      rows: output.length,
      columns: output[0].length,
      cell: (row, column) => ({
        text: number(output[row][column]),
        label: `row ${row}, column ${column}: ${number(output[row][column])}`,
        classes: row === pointed[0] && column === pointed[1] ? ["pointed"] : [],
        kind: ui.live ? "button" : "text",
        point: `${row},${column}`,
      }),
    },
    ui,
  );
}

function gradient(state, { gradient: whole, gradientOf }, pointed, ui) {
  const own = gradientOf(...pointed);
  return grid(
    {
      name: "gradient",
      label: "gradient of the input",
      rows: whole.length,
      columns: whole[0].length,
      cell: (row, column) => ({
        text: number(whole[row][column]),
        classes: own[row][column] === 0 ? [] : ["in-window"],
        kind: "text",
      }),
    },
    ui,
  );
}

/** The same pooling as a line of Python. */
function call({ operation, kernel, stride, padding, dilation, ceil, pads }) {
  const isMax = operation === "max";
  const written = [
    `kernel_size=${kernel}`,
    stride !== kernel && `stride=${stride}`,
    padding > 0 && `padding=${padding}`,
    isMax && dilation > 1 && `dilation=${dilation}`,
    ceil && "ceil_mode=True",
    !isMax && !pads && "count_include_pad=False",
  ];
  return `${isMax ? "max" : "avg"}_pool2d(${["x", ...written.filter(Boolean)].join(", ")})`;
}

/** How the output that is pointed at came about. */
function explanation(state, pooled, [i, j]) {
  const { rows, columns, output, gradientOf } = pooled;
  const values = rows.windows[i].cells.flatMap((r) => columns.windows[j].cells.map((c) => exactly(state.x[r][c])));
  const isMax = state.operation === "max";
  const counted = isMax || !state.pads ? values.length : rows.windows[i].extent * columns.windows[j].extent;
  const pads = counted > values.length ? `, ${count(counted - values.length, "zero")} of padding counted` : "";
  const where = `Output row ${i}, column ${j}`;
  const back = state.gradient ? wayBack(isMax, gradientOf(i, j)) : "";
  if (counted === 1) return `${where}: the window meets one cell, and ${values[0]} is the output.${back}`;
  if (isMax) return `${where}: the largest of ${listed(values)} is ${exactly(output[i][j])}.${back}`;
  return `${where}: the sum of ${listed(values)}, divided by ${counted}${pads}, is ${number(output[i][j])}.${back}`;
}

function wayBack(isMax, gradient) {
  if (isMax) return " All of its gradient goes to the cell that won; of equal cells, to the first.";
  return ` Each cell gets ${number(Math.max(...gradient.flat()))} of its gradient.`;
}
