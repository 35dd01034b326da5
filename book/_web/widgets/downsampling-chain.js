/** A network to put together: what becomes of the shape and the receptive field, and what every layer costs. */

import { layerCosts } from "../pooling/layer-costs.js";
import { attributes, html } from "./html.js";
import { drawn } from "./layer-maps.js";
import { added, AXES, described, fields, full, KINDS, layers, LIMITS, moved, shape } from "./layer-options.js";
import { count, footer } from "./parts.js";

const EXAMPLE = `
  conv 64 kernel 3 padding 1
  max kernel 2
  conv 128 kernel 3 padding 1
  max kernel 2
  global
`;

export const downsamplingChain = {
  tag: "downsampling-chain",
  title: "Downsampling chain",
  /** The option that the directive's content gives. */
  content: "layers",
  options: { input: shape({ value: [3, 46, 46] }), layers: layers({ value: EXAMPLE }) },
  actions: {
    up: ({ layers: list }, { layer }) => carry(list, Number(layer), -1),
    down: ({ layers: list }, { layer }) => carry(list, Number(layer), 1),
    remove: ({ layers: list }, { layer }) => remove(list, Number(layer)),
    add: ({ layers: list }, { kind }) => ({ layers: added(list, kind) }),
  },
  view(state, ui) {
    const costs = layerCosts(state.layers.map(({ kernel, ...layer }) => ({ ...layer, kernelSize: kernel })), state.input);
    const done = costs.filter(({ refusal }) => !refusal);
    const all = totals(done);
    const pointed = Math.min(ui.pointed ?? done.length, done.length);
    const rows = state.layers.map((layer, index) => {
      return html`<li>${layerRow(state.layers, index, costs[index], all, index + 1 === pointed, ui)}</li>`;
    });
    return html`
      ${drawn(state.input, done, pointed)}
      <div class="${long(costs, all) ? "chain long" : "chain"}">
        ${inputRow(state.input, pointed === 0, ui)}
        <ol>${rows}</ol>
        ${row({ label: "All layers", layer: html`<p>all layers</p>`, result: numbers(all) })}
      </div>
      ${ui.live && adders(state.layers)}
      <p role="status">${summary(state, costs, all)}</p>
      <p class="chain-note">A convolution has a bias for each channel, and multiplies once for each weight at each position of
        its output. A pool compares or adds; that is not counted.</p>
      ${ui.live && footer([], ui)}
    `;
  },
};

const exact = (amount) => amount.toLocaleString("en");
const sides = (cells) => cells.join("×");
/** Sides that a line may end between, and nowhere else. */
const breakable = ([first, ...cells]) => html`${first}${cells.map((cell) => html`×<wbr>${cell}`)}`;
/** Numbers of more characters than this get more room. */
const USUAL = 13;

/** What is told of each layer. */
const COLUMNS = [
  { name: "shape", label: "output", written: breakable },
  { name: "receptiveField", label: "receptive field", written: breakable },
  { name: "jump", label: "jump", written: ([cells]) => exact(cells) },
  { name: "parameters", label: "parameters", written: exact, summed: true },
  { name: "multiplications", label: "multiplications", written: exact, summed: true },
  { name: "activations", label: "activations", written: exact, summed: true },
];

/** Move a layer; the focus goes with it. */
function carry(list, index, step) {
  const layers = moved(list, index, step);
  const place = layers === list ? index : index + step;
  return { layers, focus: `[data-action="${step < 0 ? "up" : "down"}"][data-layer="${place}"]` };
}

/** Remove a layer; the focus goes to the one in its place, or else to what adds one. */
function remove(list, index) {
  const layers = list.filter((_, place) => place !== index);
  const place = Math.min(index, layers.length - 1);
  return { layers, focus: layers.length ? `[data-action="remove"][data-layer="${place}"]` : '[data-action="add"]' };
}

function totals(costs) {
  const summed = COLUMNS.filter((column) => column.summed).map(({ name }) => name);
  return Object.fromEntries(summed.map((name) => [name, costs.reduce((sum, cost) => sum + cost[name], 0)]));
}

/** Whether a number is longer than usual. */
function long(costs, all) {
  const written = [all, ...costs].flatMap(({ jump, ...cost }) => [jump?.[0], ...COLUMNS.map(({ name }) => cost[name])]);
  return written.some((value) => Number.isFinite(value) && exact(value).length > USUAL);
}

function row({ label, point, pointed, layer, result }) {
  const own = { class: pointed ? "chain-row pointed" : "chain-row", "data-point": point };
  return html`<div${attributes({ ...own, role: "group", "aria-label": label })}>
    <div class="chain-layer">${layer}</div>
    ${result}
  </div>`;
}

function inputRow(input, pointed, ui) {
  const controls = AXES.map((field, axis) => numberField({ option: "input", field, value: input[axis] }, ui));
  const layer = html`<p>input</p>${ui.live && html`<p class="chain-fields">${controls}</p>`}`;
  const result = numbers({ shape: input, receptiveField: [1, 1], jump: [1, 1] });
  return row({ label: "Input", point: 0, pointed, layer, result });
}

function layerRow(list, index, cost, all, pointed, ui) {
  const layer = ui.live ? editor(list[index], index, list.length, ui) : html`<p>${index + 1}. ${described(list[index])}</p>`;
  const result = cost && (cost.refusal ? html`<p class="refusal">Does not fit. ${cost.refusal}</p>` : numbers(cost, all));
  return row({ label: `Layer ${index + 1}`, point: index + 1, pointed, layer, result });
}

/** What is known of a layer, and as a bar its share of what all layers have. */
function numbers(values, all = {}) {
  const told = COLUMNS.filter(({ name }) => name in values).map(
    ({ name, label, written }) => html`<div class="chain-${name}">
      <dt>${label}</dt>
      <dd>${written(values[name])}${all[name] > 0 && bar(values[name] / all[name])}</dd>
    </div>`,
  );
  return html`<dl>${told}</dl>`;
}

function bar(share) {
  return html`<span class="chain-share" style="--share: ${Math.round(100 * share)}%"></span>`;
}

function editor(layer, index, length, ui) {
  const place = index + 1;
  const kinds = Object.entries(KINDS).map(
    ([kind, shown]) => html`<option${attributes({ value: kind, selected: kind === layer.kind })}>${shown}</option>`,
  );
  const button = (action, sign, label, idle) => {
    const told = { "data-action": action, "data-layer": index, "aria-label": label, "aria-disabled": idle && "true" };
    return html`<button${attributes({ type: "button", ...told })}>${sign}</button>`;
  };
  const controls = fields(layer.kind).map((field) => numberField({ option: "layers", index, field, value: layer[field] }, ui));
  const control = { name: "layers", "data-layer": index, "data-field": "kind", "aria-label": `Kind of layer ${place}` };
  return html`<p class="chain-kind">
      <span>${place}.</span>
      <select${attributes(control)}>${kinds}</select>
      ${button("up", "↑", `Move layer ${place} up`, index === 0)}
      ${button("down", "↓", `Move layer ${place} down`, index === length - 1)}
      ${button("remove", "×", `Remove layer ${place}`, false)}
    </p>
    <p class="chain-fields">${controls}</p>`;
}

function numberField({ option, index, field, value }, ui) {
  const { least, most } = LIMITS[field];
  const place = { id: [ui.id, option, index, field].join("-"), name: option, "data-layer": index, "data-field": field };
  return html`<label>${field} <input${attributes({ ...place, type: "number", min: least, max: most, step: 1, value })}></label>`;
}

function adders(list) {
  const idle = full(list) && "true";
  const buttons = Object.entries(KINDS).map(([kind, shown]) => {
    const told = { "data-action": "add", "data-kind": kind, "aria-disabled": idle };
    return html`<button${attributes({ type: "button", ...told })}>${shown}</button>`;
  });
  return html`<p class="widget-footer" role="group" aria-label="Add a layer">Add: ${buttons}</p>`;
}

/** All layers in a sentence. */
function summary({ input, layers: list }, costs, { parameters, multiplications }) {
  if (!list.length) return "Without a layer the input stays what it is.";
  const { refusal, shape: output } = costs.at(-1);
  if (refusal) return `Layer ${costs.length} does not fit, and is left out with all that comes after it. ${refusal}`;
  const subject = list.length === 1 ? "1 layer turns" : `${list.length} layers turn`;
  const change = `${sides(input)} into ${sides(output)}`;
  return `${subject} ${change}, with ${count(parameters, "parameter")} and ${about(multiplications)}.`;
}

/** Multiplications, in words from a million on. */
function about(amount) {
  if (amount < 1e6) return count(amount, "multiplication");
  const rounded = { notation: "compact", compactDisplay: "long", maximumSignificantDigits: 3 };
  return `${amount.toLocaleString("en", rounded)} multiplications`;
}
