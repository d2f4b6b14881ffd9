/**
 * The threshold lab on one core: seeds of season-day simulated, judged by the prune rules and scored, planning and twin
 * included. In processor time, since other work on the machine is nobody's fault.
 *
 *   npx tsx test/bench/lab.ts
 */
import { ruleNames } from '../../src/lab/engine.ts';
import { loadRuleSet } from '../../src/lab/rule-file.ts';
import { runSeed } from '../../src/lab/seed-run.ts';
import { tallySeed } from '../../src/lab/seed-tally.ts';

const DAY = 'season-day';
const FIRST_SEED = 201;
const SEEDS = 5;
/** What a score is made of, and the cores that are to make it. */
const SCORE_SEEDS = 100;
const CORES = 2;

/** Processor time of this process, s. */
function cpuS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const rules = await loadRuleSet('prune', 'prune');

/** One seed, scored rule by rule as by `lab run`. Returns how many readings there were. */
function score(seed: number): number {
  const run = runSeed(DAY, seed, [rules]);
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return tallySeed(step.value, [rules], { everyRule: true }).readings;
  }
}

// The first one is compiled while it runs.
score(FIRST_SEED - 1);
const seconds: number[] = [];
let readings = 0;
for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
  const beganS = cpuS();
  readings += score(seed);
  seconds.push(cpuS() - beganS);
}
const allS = seconds.reduce((sum, s) => sum + s, 0);
const sorted = seconds.map((s) => s.toFixed(2)).sort();
console.log(
  `${DAY}, ${ruleNames(rules).length} rules: ${(allS / SEEDS).toFixed(2)} s a seed (${sorted.join(', ')}), ${(readings / SEEDS / 1e6).toFixed(2)}M readings each, ${(readings / allS / 1e6).toFixed(2)}M readings/s`,
);
console.log(
  `at this rate ${SCORE_SEEDS} seeds take ${((SCORE_SEEDS * allS) / SEEDS / CORES / 60).toFixed(1)} min on ${CORES} cores`,
);
