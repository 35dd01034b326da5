/** What pages with something to touch load: one script, made from this file while the book is built. */

import { enlivenLabs } from "./labs/page.js";
import { showProgress } from "./labs/progress.js";
import { enliven } from "./quizzes/index.js";
import { define } from "./widgets/element.js";
import { widgets } from "./widgets/index.js";

widgets.forEach(define);
enliven();
enlivenLabs();
showProgress();
