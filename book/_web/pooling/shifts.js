/** How far a pooled row changes when the camera moves along a signal: the measurement of the book's first chapter. */

import { avgPool2d, blurPool2d, maxPool2d } from "./layers.js";

/**
 * What one output row makes of another.
 * @typedef {object} Comparison
 * @property {number} compared outputs
 * @property {number} unchanged how many of them are exactly equal
 * @property {number} change the mean change, in per cent of the mean value before; not finite where that mean is 0
 */

/**
 * Pool a row.
 * @param {number[]} row
 * @param {{operation: "max" | "average" | "blur" | "every", kernelSize: number, stride: number}} options "every" looks at
 *   no neighbours: it keeps the first of every `stride` values
 * @returns {number[]}
 */
export function poolRow(row, { operation, kernelSize, stride }) {
  const options = { kernelSize: [1, kernelSize], stride: [1, stride] };
  if (operation === "max") return maxPool2d([row], options).output[0];
  if (operation === "average") return avgPool2d([row], options)[0];
  if (operation === "blur") return blurPool2d([row], options.kernelSize, options.stride)[0];
  return maxPool2d([row], { ...options, kernelSize: 1 }).output[0];
}

/**
 * Compare two rows, value by value.
 * @param {number[]} before
 * @param {number[]} after as many
 * @returns {Comparison}
 */
export function compare(before, after) {
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const moved = sum(before.map((value, index) => Math.abs(value - after[index])));
  return {
    compared: before.length,
    unchanged: before.filter((value, index) => value === after[index]).length,
    change: moved === 0 ? 0 : (100 * moved) / sum(before),
  };
}

/**
 * Pool what the camera sees of a signal at its start, and again after every shift for which the signal is long enough.
 * @param {number[]} signal
 * @param {number} seen values in view at a time
 * @param {object} options as in `poolRow`
 * @returns {{before: number[], after: number[], places: number, inPlace: Comparison, along: Comparison}[]} one for each
 *   shift from 0; `along` compares after[i] with before[i + places], where `places` are the whole strides in the shift
 */
export function compareShifts(signal, seen, options) {
  const view = (shift) => poolRow(signal.slice(shift, shift + seen), options);
  const before = view(0);
  return Array.from({ length: signal.length - seen + 1 }, (_, shift) => {
    const after = view(shift);
    const places = Math.floor(shift / options.stride);
    const along = compare(before.slice(places), after.slice(0, before.length - places));
    return { before, after, places, inPlace: compare(before, after), along };
  });
}
