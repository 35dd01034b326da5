/** Feature maps drawn as boxes: the front is the plane, the depth is the channels. */

import { html } from "./html.js";

/** Pixels of the longest side, and of the most channels. */
const [SIDE, DEPTH] = [92, 26];

/**
 * Draw an input and what each layer makes of it, and on the input what one output sees.
 * @param {number[]} input [channels, height, width]
 * @param {import("../pooling/layer-costs.js").Cost[]} costs of layers that fit
 * @param {number} pointed the layer whose receptive field is shown, counted from 1; 0 is the input itself
 */
export function drawn(input, costs, pointed) {
  const shapes = [input, ...costs.map(({ shape }) => shape)];
  const scale = {
    side: SIDE / Math.max(...shapes.flatMap(([, height, width]) => [height, width])),
    depth: DEPTH / Math.max(...shapes.map(([channels]) => channels)),
  };
  const seen = pointed === 0 ? null : seenBy(costs[pointed - 1], input.slice(1));
  const told = sentence(seen, costs[pointed - 1], pointed, input);
  const boxes = shapes.map((shape, place) => {
    return html`<span class="${place === pointed ? "map pointed" : "map"}" data-point="${place}">
      ${box(shape, place === 0 ? seen : null, scale)}
      <span>${place || "input"}</span><span>${shape.join("×")}</span>
    </span>`;
  });
  const listed = shapes.map((shape) => shape.join("×")).join(", ");
  return html`
    <div class="maps" role="img" aria-label="Maps as boxes, to scale, from the input on: ${listed}. ${told}">${boxes}</div>
    <p class="chain-seen">${told}</p>`;
}

/** The part of the input that the output in the middle sees: along each axis [first, end); empty if that is all padding. */
function seenBy({ shape, receptiveField, jump, start }, input) {
  return input.map((size, axis) => {
    const centre = start[axis] + Math.floor(shape[axis + 1] / 2) * jump[axis];
    const reach = receptiveField[axis] / 2;
    return [centre - reach, centre + reach].map((end) => Math.min(Math.max(end, 0), size));
  });
}

const empty = (seen) => seen.some(([first, end]) => first === end);

function sentence(seen, cost, pointed, [, ...input]) {
  if (!seen) return "Each number of the input sees itself.";
  const [field, whole] = [cost.receptiveField.join("×"), input.join("×")];
  const beyond = seen.some(([first, end], axis) => end - first < cost.receptiveField[axis]);
  const start = `One number after layer ${pointed}`;
  if (empty(seen)) return `${start} has a receptive field of ${field} cells; the one in the middle sees nothing but padding.`;
  if (beyond) return `${start} has a receptive field of ${field} cells; those outside the input's ${whole} are padding.`;
  return `${start} sees the marked ${field} of the input's ${whole} cells.`;
}

function box([channels, rows, columns], seen, scale) {
  const lengths = [rows * scale.side, columns * scale.side, channels * scale.depth];
  const [height, width, depth] = lengths.map((length) => Math.max(length, 2)); // still seen
  const whole = [width + depth + 2, height + depth + 2];
  const outline = `M0 ${depth} l${depth} ${-depth} h${width} v${height} l${-depth} ${depth} h${-width} z`;
  return html`<svg aria-hidden="true" width="${whole[0]}" height="${whole[1]}" viewBox="-1 -1 ${whole.join(" ")}">
    <path class="map-sides" d="${outline} M${width} ${depth} l${depth} ${-depth}" />
    <rect class="map-front" x="0" y="${depth}" width="${width}" height="${height}" />
    ${seen && !empty(seen) && field(seen, depth, scale.side)}
  </svg>`;
}

function field([[top, bottom], [left, right]], depth, side) {
  const [x, y, width, height] = [left * side, depth + top * side, (right - left) * side, (bottom - top) * side];
  return html`<rect class="map-seen" x="${x}" y="${y}" width="${width}" height="${height}" />`;
}
