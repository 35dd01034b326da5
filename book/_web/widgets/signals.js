/** The signals of the shift explorer: numbers to choose, and the option that holds them. */

const LENGTH = 32;
/** Numbers in a row of the grid in which they are edited. */
export const COLUMNS = 8;
const LARGEST = 99;

const made = (value) => Array.from({ length: LENGTH }, (_, place) => value(place));

export const SIGNALS = {
  noise: [2, 3, 2, 4, 0, 8, 6, 3, 9, 3, 2, 0, 0, 1, 3, 2, 1, 2, 1, 7, 8, 5, 2, 1, 7, 2, 1, 9, 2, 2, 1, 0],
  edge: made((place) => (place < 13 ? 1 : 8)),
  spike: made((place) => (place === 13 ? 9 : 0)),
  wave: made((place) => Math.round(5 + 4 * Math.sin((2 * Math.PI * place) / 7))),
};

/** Many small numbers and a few large ones, as the steepness of a photograph has them. */
export function otherNoise() {
  return made(() => Math.min(9, Math.floor(-3 * Math.log(1 - Math.random()))));
}

export const signal = {
  value: SIGNALS.noise,
  parse(text) {
    if (Object.hasOwn(SIGNALS, text)) return SIGNALS[text];
    const numbers = text.trim().split(/[\s,;]+/).map(numberIn);
    if (numbers.length !== LENGTH || !numbers.every((number) => number >= 0 && number <= LARGEST)) {
      const names = Object.keys(SIGNALS).join(", ");
      throw new RangeError(`must be ${names} or ${LENGTH} numbers from 0 to ${LARGEST}; got ${JSON.stringify(text)}`);
    }
    return numbers;
  },
  format: (numbers) => nameOf(numbers) ?? numbers.join(","),
  change(numbers, element) {
    if (!element.dataset.cell) return signal.parse(element.value);
    const [row, column] = element.dataset.cell.split(",").map(Number);
    const place = row * COLUMNS + column;
    return signal.parse(numbers.map((number, index) => (index === place ? element.value : number)).join(";"));
  },
};

/** @returns {string | undefined} what these numbers are called */
export function nameOf(numbers) {
  return Object.keys(SIGNALS).find((name) => SIGNALS[name].every((value, place) => value === numbers[place]));
}

function numberIn(text) {
  return text ? Number(text) : NaN;
}
