/**
 * Max and average pooling of a plane, forward and backward, and blur pooling: `pooling.python_layer` and
 * `pooling.alternatives`, for the page.
 *
 * A plane is an array of rows. Options are those of `pooledAxis`; each may be a number for both axes or a [rows, columns]
 * pair, and `padding` a pair of [before, after] pairs.
 */

import { pooledAxis } from "./geometry.js";

const NAMES = ["kernelSize", "stride", "padding", "dilation"];

/**
 * Cut a plane into windows.
 * @param {number[]} shape [height, width]
 * @param {object} options
 * @returns {import("./geometry.js").Axis[]} rows and columns
 * @throws {RangeError} as `pooledAxis`
 */
export function pooledAxes(shape, options) {
  return shape.map((size, axis) => {
    const own = NAMES.filter((name) => Array.isArray(options[name])).map((name) => [name, options[name][axis]]);
    return pooledAxis(size, { ...options, ...Object.fromEntries(own) });
  });
}

/**
 * Keep the largest value of each window. Of equal values the first wins; NaN wins over every number.
 * @param {number[][]} x
 * @param {object} options
 * @returns {{output: number[][], indices: number[][]}} an index is row · width + column
 */
export function maxPool2d(x, options) {
  const indices = eachWindow(x, options, (cells) => {
    const wins = ([row, column], [bestRow, bestColumn]) =>
      x[row][column] > x[bestRow][bestColumn] || Number.isNaN(x[row][column]);
    const [row, column] = cells.reduce((best, cell) => (wins(cell, best) ? cell : best));
    return row * x[0].length + column;
  });
  const width = x[0].length;
  return { output: indices.map((row) => row.map((index) => x[Math.floor(index / width)][index % width])), indices };
}

/**
 * Take the mean of each window.
 * @param {number[][]} x
 * @param {object} options also `countIncludePad` (default true) and `divisorOverride`
 * @returns {number[][]}
 */
export function avgPool2d(x, options) {
  return eachWindow(x, options, (cells, divisor) => {
    return cells.reduce((sum, [row, column]) => sum + x[row][column], 0) / divisor;
  });
}

/**
 * Send each upstream gradient to the cell that won its window.
 * @param {number[][]} gradOutput shape of the output
 * @param {number[][]} x
 * @param {object} options
 * @returns {number[][]} shape of x
 */
export function maxPool2dBackward(gradOutput, x, options) {
  const gradient = x.map((row) => row.map(() => 0));
  maxPool2d(x, options).indices.forEach((row, i) =>
    row.forEach((index, j) => {
      gradient[Math.floor(index / x[0].length)][index % x[0].length] += gradOutput[i][j];
    }),
  );
  return gradient;
}

/**
 * Spread each upstream gradient evenly over its window.
 * @param {number[][]} gradOutput shape of the output
 * @param {number[][]} x only its shape matters
 * @param {object} options
 * @returns {number[][]} shape of x
 */
export function avgPool2dBackward(gradOutput, x, options) {
  const gradient = x.map((row) => row.map(() => 0));
  eachWindow(x, options, (cells, divisor, i, j) => {
    for (const [row, column] of cells) gradient[row][column] += gradOutput[i][j] / divisor;
  });
  return gradient;
}

/**
 * Smooth with a binomial filter, then keep every `stride`-th value. Borders are reflected.
 * @param {number[][]} x
 * @param {number[]} kernelSize cells of the filter, [rows, columns]
 * @param {number[]} stride [rows, columns]
 * @returns {number[][]}
 */
export function blurPool2d(x, kernelSize, stride) {
  const [rows, columns] = [x.length, x[0].length].map((size, axis) => {
    const before = Math.floor((kernelSize[axis] - 1) / 2);
    const starts = Array.from({ length: Math.ceil(size / stride[axis]) }, (_, index) => index * stride[axis] - before);
    return starts.map((start) => binomial(kernelSize[axis]).map((weight, tap) => [reflected(start + tap, size), weight]));
  });
  return rows.map((row) =>
    columns.map((column) => {
      let sum = 0;
      for (const [r, down] of row) for (const [c, across] of column) sum += down * across * x[r][c];
      return sum;
    }),
  );
}

/** Call `visit(cells, divisor, i, j)` for each window; return the plane of what it returns. */
function eachWindow(x, options, visit) {
  const { countIncludePad = true, divisorOverride = null } = options;
  const [rows, columns] = pooledAxes([x.length, x[0].length], options);
  return rows.windows.map((row, i) =>
    columns.windows.map((column, j) => {
      const cells = row.cells.flatMap((r) => column.cells.map((c) => [r, c]));
      const counted = countIncludePad ? row.extent * column.extent : cells.length;
      return visit(cells, divisorOverride ?? counted, i, j);
    }),
  );
}

/** The row of Pascal's triangle with so many entries, over its sum. */
function binomial(length) {
  let row = [1];
  while (row.length < length) row = [...row, 0].map((value, index) => (value + (row[index - 1] ?? 0)) / 2);
  return row;
}

/** Where a place beyond an end lies when the axis is mirrored at its first and last cell. */
function reflected(place, size) {
  if (place < 0) return -place;
  return place < size ? place : 2 * (size - 1) - place;
}
