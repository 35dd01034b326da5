// Reads calls of the page's arithmetic from standard input, one list of JSON, and writes what they return, or null
// where they refuse. JSON knows no NaN and no infinities: they travel as strings.

import { text } from "node:stream/consumers";

import * as geometry from "../../book/_web/pooling/geometry.js";
import * as layerCosts from "../../book/_web/pooling/layer-costs.js";
import * as layers from "../../book/_web/pooling/layers.js";
import * as receptiveField from "../../book/_web/pooling/receptive-field.js";
import * as shifts from "../../book/_web/pooling/shifts.js";

const functions = { ...geometry, ...layerCosts, ...layers, ...receptiveField, ...shifts };
const SPECIAL = { NaN, Infinity, "-Infinity": -Infinity };

function call([name, ...args]) {
  try {
    return functions[name](...args);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const calls = JSON.parse(await text(process.stdin), (_, value) => SPECIAL[value] ?? value);
const isSpecial = (value) => typeof value === "number" && !Number.isFinite(value);
console.log(JSON.stringify(calls.map(call), (_, value) => (isSpecial(value) ? String(value) : value)));
