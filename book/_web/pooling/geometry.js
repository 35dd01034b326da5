/**
 * Where the windows of a pooling lie along one axis: `pooling.geometry`, for the page.
 *
 * tests/book/test_arithmetic.py runs this and the Python on the same table of cases.
 */

/**
 * One axis and how it is pooled.
 * @typedef {object} Axis
 * @property {number} size cells
 * @property {number} kernelSize
 * @property {number} stride
 * @property {number} dilation
 * @property {number} before padding cells before the first real one
 * @property {number} after padding cells after the last real one
 * @property {Window[]} windows first to last
 * @property {Window | null} dropped a last window that `ceilMode` counts and drops again
 */

/**
 * One window on an axis. Places are counted from the first real cell, so padding before it is negative.
 * @typedef {object} Window
 * @property {number[]} taps every place that it looks at
 * @property {number[]} cells the taps that meet a real cell
 * @property {number} extent taps on real cells and padding; what overhangs in `ceilMode` does not count
 */

/**
 * Cut an axis into windows.
 * @param {number} size cells on the axis, at least 1
 * @param {{kernelSize: number, stride?: number | null, padding?: number | number[] | "same", dilation?: number,
 *   ceilMode?: boolean}} options `padding` is a number for both ends, a [before, after] pair, or "same"
 * @returns {Axis}
 * @throws {RangeError} where no window fits, where `padding` is more than half of `kernelSize`, and where a window would
 *   hold nothing but padding
 */
export function pooledAxis(size, { kernelSize, stride = null, padding = 0, dilation = 1, ceilMode = false }) {
  const step = stride ?? kernelSize;
  if (typeof padding === "number" && padding > Math.floor(kernelSize / 2)) {
    throw new RangeError(
      `A padding of ${padding} is too much: it may be at most half of the kernel size, ` +
        `${Math.floor(kernelSize / 2)} for a kernel size of ${kernelSize}.`,
    );
  }
  const [before, after] = paddingPair(size, kernelSize, step, padding, dilation);
  const span = dilation * (kernelSize - 1) + 1;
  const room = size + before + after - span;
  const counted = Math.floor((room + (ceilMode ? step - 1 : 0)) / step) + 1;
  const overhangs = ceilMode && (counted - 1) * step >= size + before;
  const count = overhangs ? counted - 1 : counted;
  if (count < 1) {
    throw new RangeError(
      `No window fits: it spans ${span} cells, and the axis has ${size + before + after}, padding included. ` +
        "Take a smaller window or more padding.",
    );
  }
  const window = (index) => windowAt(index * step - before, span, dilation, size, size + after);
  const windows = Array.from({ length: count }, (_, index) => window(index));
  if (windows.some(({ cells }) => cells.length === 0)) {
    throw new RangeError(
      "A window would hold nothing but padding, and nothing has no maximum. Take less padding or a smaller dilation.",
    );
  }
  const dropped = overhangs ? window(count) : null;
  return { size, kernelSize, stride: step, dilation, before, after, windows, dropped };
}

/**
 * Count the windows on an axis; arguments as in `pooledAxis`.
 * @returns {number}
 */
export function outputSize(size, options) {
  return pooledAxis(size, options).windows.length;
}

/**
 * List the cells that no window reads.
 * @param {Axis} axis
 * @returns {number[]}
 */
export function unreadCells({ size, windows }) {
  const read = new Set(windows.flatMap(({ cells }) => cells));
  return Array.from({ length: size }, (_, cell) => cell).filter((cell) => !read.has(cell));
}

/** The padding that "same" stands for: as much as it takes to get ceil(size / stride) windows, the odd cell last. */
function samePadding(size, kernelSize, stride, dilation) {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + dilation * (kernelSize - 1) + 1 - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

function paddingPair(size, kernelSize, stride, padding, dilation) {
  if (padding === "same") return samePadding(size, kernelSize, stride, dilation);
  return Array.isArray(padding) ? padding : [padding, padding];
}

function windowAt(start, span, dilation, size, stop) {
  const taps = [];
  for (let tap = start; tap < start + span; tap += dilation) taps.push(tap);
  return {
    taps,
    cells: taps.filter((tap) => tap >= 0 && tap < size),
    extent: taps.filter((tap) => tap < stop).length,
  };
}
