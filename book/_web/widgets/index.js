/** The widgets that chapters can show. */

import { outputSizeCalculator } from "./output-size-calculator.js";
import { poolingExplorer } from "./pooling-explorer.js";
import { shiftExplorer } from "./shift-explorer.js";

export const widgets = [outputSizeCalculator, poolingExplorer, shiftExplorer];
