/** The widgets that chapters can show. */

import { outputSizeCalculator } from "./output-size-calculator.js";
import { poolingExplorer } from "./pooling-explorer.js";

export const widgets = [outputSizeCalculator, poolingExplorer];
