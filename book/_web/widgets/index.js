/** The widgets that chapters can show. */

import { poolingExplorer } from "./pooling-explorer.js";

export const widgets = [poolingExplorer];
