/** What each layer of a network makes of its input, and what it costs. */

import { outputSize } from "./geometry.js";
import { atInput, through } from "./receptive-field.js";

/**
 * A convolution, a max or average pooling, or an average over the whole map. Only a convolution has `channels`, those that
 * it writes; a global average has nothing but its kind.
 * @typedef {{kind: "conv" | "max" | "average" | "global", channels?: number, kernelSize?: number, stride?: number,
 *   padding?: number}} Layer
 */

/**
 * What comes out of a layer. Pairs are [along the height, along the width].
 * @typedef {object} Cost
 * @property {number[]} shape [channels, height, width]
 * @property {number[]} receptiveField
 * @property {number[]} jump
 * @property {number[]} start
 * @property {number} parameters weights, and a bias for each channel; a pooling has none
 * @property {number} multiplications one for each weight at each position of the output, padding included; a pooling
 *   compares or adds, and has none
 * @property {number} activations numbers that the layer writes
 */

/**
 * Follow an input through a network.
 * @param {Layer[]} layers
 * @param {number[]} shape [channels, height, width] of the input
 * @returns {(Cost | {refusal: string})[]} one for each layer; the first one that does not fit says why, and is the last
 */
export function layerCosts(layers, [channels, height, width]) {
  const costs = [];
  let map = { channels, axes: [height, width].map(atInput) };
  for (const layer of layers) {
    try {
      const next = { channels: layer.channels ?? map.channels, axes: map.axes.map((axis) => along(axis, layer)) };
      costs.push(cost(layer, map, next));
      map = next;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [...costs, { refusal: error.message }];
    }
  }
  return costs;
}

function along(axis, { kind, kernelSize, stride, padding = 0 }) {
  if (kind === "global") return through({ kernelSize: axis.size, stride: 1 }, axis);
  if (kind !== "conv") outputSize(axis.size, { kernelSize, stride, padding }); // refuses what no pooling may have
  return through({ kernelSize, stride, padding }, axis);
}

function cost({ kind, kernelSize }, { channels: read }, { channels, axes }) {
  const positions = axes[0].size * axes[1].size;
  const weights = kind === "conv" ? channels * read * kernelSize ** 2 : 0;
  return {
    shape: [channels, ...axes.map(({ size }) => size)],
    receptiveField: axes.map(({ receptiveField }) => receptiveField),
    jump: axes.map(({ jump }) => jump),
    start: axes.map(({ start }) => start),
    parameters: kind === "conv" ? weights + channels : 0,
    multiplications: positions * weights,
    activations: channels * positions,
  };
}
