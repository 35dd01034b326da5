// Reads [text, unit] pairs from standard input, one list of JSON, and writes the numbers that the page reads there.

import { text } from "node:stream/consumers";

import { readNumber } from "../../book/_web/numbers.js";

const given = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(given.map(([typed, unit]) => readNumber(typed, unit))));
