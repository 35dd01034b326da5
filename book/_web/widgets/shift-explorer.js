/** A signal under a camera that moves: what pooling makes of it before and after, in place and moved along. */

import { compareShifts } from "../pooling/shifts.js";
import { drawChanges, drawOutputs, drawSignal } from "./bars.js";
import { html } from "./html.js";
import { choice, flag, integer } from "./options.js";
import { controls, footer, grid, number } from "./parts.js";
import { COLUMNS, nameOf, otherNoise, signal, SIGNALS } from "./signals.js";

/** Numbers in view at a time; what the signal has more is the room to shift. */
const SEEN = 24;
const OPERATIONS = { max: "max pool", average: "average pool", blur: "blur pool", every: "stride alone" };

export const shiftExplorer = {
  tag: "shift-explorer",
  title: "Shift explorer",
  /** The option that the directive's content gives. */
  content: "x",
  options: {
    operation: choice({ label: "take", value: "max", choices: OPERATIONS }),
    shift: integer({ label: "shift", value: 1, least: 0, most: 8 }),
    stride: integer({ label: "stride", value: 2, least: 1, most: 8 }),
    kernel: integer({ label: "kernel size", value: 2, least: 1, most: 8 }),
    along: flag({ label: "move the output along", value: false }),
    edit: flag({ label: "edit the numbers", value: false }),
    x: signal,
  },
  actions: {
    noise: () => ({ x: otherNoise() }),
  },
  view(state, ui) {
    const kernel = state.operation === "every" ? [] : ["kernel"];
    const names = ["operation", "shift", "stride", ...kernel, "along", "edit"];
    return html`
      ${ui.live && [presets(state), controls(this, names, state, ui)]}
      <div>${answer(state)}</div>
      <div>${ui.live && state.edit && numbers(state, ui)}</div>
      ${ui.live && footer([{ action: "noise", label: "Other noise" }], ui)}
    `;
  },
};

function presets({ x }) {
  const current = nameOf(x);
  return html`<fieldset class="control presets">
    <legend>signal</legend>
    ${Object.keys(SIGNALS).map(
      (name) => html`<button type="button" name="x" value="${name}" aria-pressed="${name === current}">${name}</button>`,
    )}
  </fieldset>`;
}

function answer({ operation, shift, stride, kernel, along, x }) {
  const names = Object.keys(OPERATIONS);
  const all = names.map((name) => compareShifts(x, SEEN, { operation: name, kernelSize: kernel, stride }));
  const chosen = all[names.indexOf(operation)];
  const { before, after, places } = chosen[shift];
  // One scale for all operations, so that going from one to the next compares them.
  const changes = all.flat().map(({ inPlace }) => inPlace.change).filter(Number.isFinite);
  return html`
    <p role="status">${summary(chosen[shift])}</p>
    <p class="drawing-caption">
      The signal. The camera sees ${SEEN} of its ${x.length} numbers. A shift moves the camera to the right, and new numbers
      come in at the end.${operation === "blur" && " Beyond both ends of its view, blur pooling mirrors what is there."}
    </p>
    ${drawSignal(x, SEEN, shift)}
    <p class="drawing-caption">
      The output, <span class="key before">before</span> and <span class="key after">after</span> the shift${
        along && `, which is moved along by ${places}`
      }. A sign = marks what is exactly unchanged.
    </p>
    ${drawOutputs(before, after, along ? places : 0)}
    <p class="drawing-caption">
      The mean change for every shift, <span class="key in-place">in place</span> and
      <span class="key along">moved along</span> by the whole strides in the shift. At this shift, in place:
      ${names.map((name, index) => `${OPERATIONS[name]} ${percent(all[index][shift].inPlace.change)}`).join(", ")}.
    </p>
    ${drawChanges(chosen, shift, Math.max(...changes) || 1)}
  `;
}

/** How much of the output stayed what it was. */
function summary({ inPlace, along, places }) {
  const said = ({ unchanged, compared, change }) =>
    `${unchanged} of ${compared} outputs exactly unchanged, mean change ${percent(change)}`;
  const moved = places > 0 ? ` Moved along by ${places}: ${said(along)}.` : "";
  const whole = Number.isFinite(inPlace.change) ? " of the mean value" : "";
  return `In place: ${said(inPlace)}${whole}.${moved}`;
}

/** A share of the mean value; where that is 0 there is none. */
function percent(value) {
  return Number.isFinite(value) ? `${number(Math.round(value * 10) / 10)}\u00a0%` : "not in per cent (the mean is 0)";
}

function numbers({ x }, ui) {
  return grid(
    {
      name: "x",
      label: "the signal, row by row",
      rows: x.length / COLUMNS,
      columns: COLUMNS,
      cell(row, column) {
        const place = row * COLUMNS + column;
        return { text: number(x[place]), label: `number ${place}`, classes: [], kind: "input", option: "x" };
      },
    },
    ui,
  );
}
