/** Reads the numbers that people type. */

/** What can be typed, for those whose number could not be read. */
export const READABLE = "3, −3, 3.5 or 3,5, 1,000, 1/4 or 25 %";

const PART = String.raw`([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)`;
const NUMBER = new RegExp(`^${PART}(?:/${PART})?$`, "i");
const GROUPED = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/;

/**
 * A comma before three digits groups them, as it does on these pages; before any others it is a decimal comma.
 * @param {string} text
 * @param {string} unit may stand behind the number
 * @returns {number} NaN where it is none
 */
export function readNumber(text, unit = "") {
  const given = withoutSpaces(text.replace(/[−–]/g, "-"));
  const suffix = withoutSpaces(unit);
  const counted = suffix && given.endsWith(suffix) ? given.slice(0, -suffix.length) : given;
  const percent = counted.endsWith("%");
  const digits = percent ? counted.slice(0, -1) : counted;
  const plain = GROUPED.test(digits) ? digits.replaceAll(",", "") : digits.replace(",", ".");
  const [, numerator, denominator = 1] = NUMBER.exec(plain) ?? [];
  const value = Number(numerator ?? NaN) / Number(denominator) / (percent ? 100 : 1);
  return Number.isFinite(value) ? value : NaN;
}

/** Spaces group digits by three, or stand around numbers; between other digits they are a mistake, and stay. */
function withoutSpaces(text) {
  const grouped = text.toLowerCase().replace(/(?<=\d)\s(?=\d{3}(?!\d))/g, "");
  return grouped.replace(/(?<!\d)\s+|\s+(?!\d)/g, "");
}

/**
 * Write a number that somebody has typed, with the minus signs of these pages.
 * @param {string} text
 */
export function written(text) {
  return text.trim().replaceAll("-", "−");
}

/**
 * Find what a number is meant to be.
 * @param {number[]} values
 * @param {number} tolerance how far from a value still counts as it
 * @returns {number} the index of the nearest value, or -1
 */
export function nearest(number, values, tolerance) {
  const distances = values.map((value) => Math.abs(value - number));
  const index = distances.indexOf(Math.min(...distances));
  const rounding = 1e-9 * Math.max(1, Math.abs(values[index]));
  return distances[index] <= tolerance + rounding ? index : -1;
}
