import type { Probe } from "./probe.ts";
import { answerProbes, thinkTagProbe } from "./probes-answer.ts";
import { lineProbes, markupProbe } from "./probes-line.ts";
import { toolProbes } from "./probes-tools.ts";

/** In the order in which they run; the last two look at all answers of the others. */
export const probes: readonly Probe[] = [...answerProbes, ...toolProbes, ...lineProbes, thinkTagProbe, markupProbe];
