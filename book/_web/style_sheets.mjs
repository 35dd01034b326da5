// Makes one style sheet of many, of the rules alone that some page can use. Reads {sheets: [path], words: text} as JSON
// from stdin, where the words are all that occur in pages' tags and in scripts; writes CSS to stdout.
// The rules are put in a layer: any rule of our own sheets, which are in none, comes before them.
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

import { transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const { sheets, words } = JSON.parse(await text(process.stdin));
const [{ css }] = await new PurgeCSS().purge({
  css: [{ raw: (await Promise.all(sheets.map((path) => readFile(path, "utf8")))).join("\n") }],
  content: [{ raw: words, extension: "txt" }],
  dynamicAttributes: ["data-mode", "data-theme"], // scripts say dataset.mode and dataset.theme
  keyframes: true,
});
const { code } = await transform(`@layer packages {\n${css}\n}`, { loader: "css", minify: true });
process.stdout.write(code);
