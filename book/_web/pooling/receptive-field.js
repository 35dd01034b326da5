/** What one output of a stack of layers sees: `pooling.receptive_field`, for the page. */

import { outputSize } from "./geometry.js";

/**
 * Follow size, jump and receptive field through layers, along one axis.
 * @param {{kernelSize: number, stride: number, padding?: number, dilation?: number, ceilMode?: boolean}[]} layers
 * @param {number} size of the input
 * @returns {{size: number, jump: number, receptiveField: number, start: number}[]} one for each layer; `start` is the
 *   centre of what output 0 sees, cell 0 having its centre at 0.5
 * @throws {RangeError} where a layer no longer fits
 */
export function receptiveField(layers, size) {
  let view = atInput(size);
  return layers.map((layer) => (view = through(layer, view)));
}

/** What one cell of the input sees: itself. */
export function atInput(size) {
  return { size, jump: 1, receptiveField: 1, start: 0.5 };
}

/** Take a view, as `receptiveField` lists them, through one more layer. */
export function through({ kernelSize, stride, padding = 0, dilation = 1, ceilMode = false }, view) {
  const reach = (kernelSize - 1) * dilation;
  // A pair: convolutions may have more padding than half of the kernel size.
  const room = { kernelSize, stride, padding: [padding, padding], dilation, ceilMode };
  return {
    size: countWindows(view.size, room),
    jump: view.jump * stride,
    receptiveField: view.receptiveField + reach * view.jump,
    start: view.start + (reach / 2 - padding) * view.jump,
  };
}

/** A convolution may have windows of nothing but padding, so for counting the padding becomes part of the axis. */
function countWindows(size, { padding: [before, after], ceilMode, ...options }) {
  if (ceilMode) return outputSize(size, { ...options, padding: [before, after], ceilMode });
  return outputSize(size + before + after, options);
}
