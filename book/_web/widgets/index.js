/** The widgets that chapters can show. */

import { downsamplingChain } from "./downsampling-chain.js";
import { outputSizeCalculator } from "./output-size-calculator.js";
import { poolingExplorer } from "./pooling-explorer.js";
import { shiftExplorer } from "./shift-explorer.js";

export const widgets = [downsamplingChain, outputSizeCalculator, poolingExplorer, shiftExplorer];
