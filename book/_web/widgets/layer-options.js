/** What a reader can set in a widget about a network: the shape of its input, and its layers. */

import { integer } from "./options.js";

const MOST_LAYERS = 20;

/** The kinds of layers, as authors write them and as readers see them. */
export const KINDS = { conv: "convolution", max: "max pool", average: "average pool", global: "global average" };

const FORMS = {
  conv: "conv CHANNELS kernel SIZE [stride STEP] [padding CELLS]",
  max: "max kernel SIZE [stride STEP] [padding CELLS]",
  average: "average kernel SIZE [stride STEP] [padding CELLS]",
  global: "global",
};
const NEW = { conv: "conv 64 kernel 3 padding 1", max: "max kernel 2", average: "average kernel 2", global: "global" };
/** What the numbers of a shape and of a layer may be. */
export const LIMITS = {
  channels: { least: 1, most: 2048 },
  height: { least: 1, most: 1024 },
  width: { least: 1, most: 1024 },
  kernel: { least: 1, most: 15 },
  stride: { least: 1, most: 15 },
  padding: { least: 0, most: 7 },
};
/** The numbers of an input's shape, in this order. */
export const AXES = ["channels", "height", "width"];

/** The shape of an input, [channels, height, width]; a control says in data-field which of them it sets. */
export function shape({ value }) {
  return {
    value,
    format: (numbers) => numbers.join(","),
    parse(text) {
      const words = text.trim().split(/[\s,]+/);
      if (words.length === AXES.length) return AXES.map((name, axis) => parsed(name, words[axis]));
      throw new RangeError(`must be channels, height and width, such as 3, 46, 46; got ${JSON.stringify(text)}`);
    },
    change(numbers, { dataset, value: text }) {
      return numbers.map((old, axis) => (AXES[axis] === dataset.field ? parsed(dataset.field, text) : old));
    },
  };
}

/**
 * Layers, one a line, or separated by semicolons:
 *
 *     conv 64 kernel 3 padding 1
 *     max kernel 2
 *     average kernel 3 stride 2 padding 1
 *     global
 *
 * A stride that is not written is 1 for a convolution, and the kernel size for a pool; padding that is not written is 0.
 * A layer is { kind, channels, kernel, stride, padding }, without what its kind does not have. A control says in
 * data-layer and data-field what it sets.
 */
export function layers({ value }) {
  return {
    value: parse(value),
    parse,
    format: (list) => list.map(written).join(";"),
    change(list, { dataset, value: text }) {
      const index = Number(dataset.layer);
      const changed =
        dataset.field === "kind"
          ? ofKind(text, list[index], channelsBefore(list, index))
          : { ...list[index], [dataset.field]: parsed(dataset.field, text) };
      return list.map((layer, place) => (place === index ? changed : layer));
    },
  };
}

/** The numbers that a kind of layer has. */
export function fields(kind) {
  if (kind === "global") return [];
  return kind === "conv" ? ["channels", "kernel", "stride", "padding"] : ["kernel", "stride", "padding"];
}

/** A layer in words. */
export function described(layer) {
  const inWords = (field) => (field === "channels" ? `${layer.channels} channels` : `${field} ${layer[field]}`);
  return [KINDS[layer.kind], ...needed(layer).map(inWords)].join(", ");
}

/** Whether no layer can be added. */
export function full(list) {
  return list.length >= MOST_LAYERS;
}

/** Exchange a layer with its neighbour, `step` places further; past an end, leave the list as it is. */
export function moved(list, index, step) {
  if (index + step < 0 || index + step >= list.length) return list;
  const order = list.map((_, place) => place);
  [order[index], order[index + step]] = [index + step, index];
  return order.map((place) => list[place]);
}

/** Add a layer at the end, but before a global average pool: after one, there is nothing left to look at. */
export function added(list, kind) {
  if (full(list)) return list;
  const end = list.at(-1)?.kind === "global" ? list.length - 1 : list.length;
  return [...list.slice(0, end), ofKind(kind, {}, channelsBefore(list, end)), ...list.slice(end)];
}

function parse(text) {
  const lines = text.split(/[;\n]/).filter((line) => line.trim() !== "");
  if (lines.length > MOST_LAYERS) throw new RangeError(`must be at most ${MOST_LAYERS} lines; got ${lines.length}`);
  return lines.map((line, index) => {
    try {
      return read(line.trim());
    } catch (error) {
      throw new RangeError(`line ${index + 1}, ${JSON.stringify(line.trim())}: ${error.message}`);
    }
  });
}

function read(line) {
  const [kind, ...words] = line.split(/\s+/);
  if (!Object.hasOwn(KINDS, kind)) throw new RangeError("must begin with conv, max, average or global");
  if (kind === "conv") words.unshift("channels");
  const given = {};
  for (let place = 0; place < words.length; place += 2) {
    const [field, number = ""] = words.slice(place, place + 2);
    if (!fields(kind).includes(field) || field in given) throw new RangeError(`must be of the form ${FORMS[kind]}`);
    given[field] = parsed(field, number);
  }
  if (kind === "global") return { kind };
  if (!given.kernel) throw new RangeError(`must be of the form ${FORMS[kind]}`);
  return { kind, stride: usualStride(kind, given.kernel), padding: 0, ...given };
}

function parsed(field, text) {
  try {
    return integer(LIMITS[field]).parse(text);
  } catch (error) {
    throw new RangeError(`${field} ${error.message}`);
  }
}

function usualStride(kind, kernel) {
  return kind === "conv" ? 1 : kernel;
}

/** The numbers of a layer that have to be written; the others are what they usually are. */
function needed(layer) {
  const usual = { stride: usualStride(layer.kind, layer.kernel), padding: 0 };
  return fields(layer.kind).filter((field) => layer[field] !== usual[field]);
}

function written(layer) {
  const numbers = needed(layer).map((field) => (field === "channels" ? layer.channels : `${field} ${layer[field]}`));
  return [layer.kind, ...numbers].join(" ");
}

/** A layer of another kind: the numbers that both have stay, so that a pool becomes a convolution with its stride. */
function ofKind(kind, layer, channels) {
  const values = { ...read(NEW[kind]), channels, ...layer };
  return Object.fromEntries(["kind", ...fields(kind)].map((field) => [field, field === "kind" ? kind : values[field]]));
}

/** As many channels as the convolution before a place writes. */
function channelsBefore(list, index) {
  return list.slice(0, index).findLast(({ kind }) => kind === "conv")?.channels ?? read(NEW.conv).channels;
}
