import type { Interval } from '../../src/contract/words.ts';
import { profileFor } from '../../src/produce/profiles.ts';
import { type Plan, QUANTITIES, type Quantity, SLICE_MS, type World } from '../plan/types.ts';
import type { BatchTruth } from '../truth/watched-world.ts';
import { NOWHERE, Whereabouts } from '../truth/whereabouts.ts';
import type { Bands, Line, LineRole, Panel, Span } from './panel.ts';

const MINUTE_MS = 60_000;
/** More points than this are not seen, and make the file large. */
const POINTS_MAX = 3000;
const ZONES = 3;

/** What is to be drawn: an asset for some time, and maybe a batch for all of its life. */
export interface PlotChoice {
  readonly assetIx: number;
  readonly window: Interval;
  readonly batchIx: number | null;
}

/** A plan and the world that it moves. */
export interface Plotted {
  readonly plan: Plan;
  readonly world: World & { readonly batches: Pick<BatchTruth, 'pulpC'> };
}

/**
 * Runs both worlds for as long as it takes, the real one always before its twin, and returns the asset's panel and the
 * batch's. Yields the world time at the end of each slice.
 */
export function* sampleSlices(real: Plotted, twin: Plotted, choice: PlotChoice): Generator<number, Panel[]> {
  const asset = new AssetSampler(real, choice.assetIx, choice.window);
  const journeys = choice.batchIx === null ? [] : [real, twin].map((run) => new JourneySampler(run, choice.batchIx!));
  const { startMs, endMs } = real.plan;
  for (let fromMs = startMs; fromMs < endMs; fromMs += SLICE_MS) {
    if (fromMs >= choice.window.toMs && journeys.every((journey) => journey.isOver)) break;
    const toMs = Math.min(fromMs + SLICE_MS, endMs);
    for (const { world } of [real, twin]) world.beginSlice(fromMs);
    asset.sample(fromMs, toMs);
    for (const { world } of [real, twin]) world.endSlice(toMs);
    for (const journey of journeys) journey.sample(fromMs, toMs);
    yield toMs;
  }
  const [journey, spared] = journeys;
  return [asset.panel(), ...(journey && spared ? [journeyPanel(real.plan, choice.batchIx!, journey, spared)] : [])];
}

const SHOWN: readonly { quantity: Quantity; role: LineRole; name: string }[] = [
  { quantity: 'ambientC', role: 'ambient', name: 'ambient' },
  { quantity: 'airSupplyC', role: 'supply', name: 'supply air' },
  { quantity: 'airReturnC', role: 'return', name: 'return air' },
  { quantity: 'pulpFrontC', role: 'pulp-front', name: 'pulp, front' },
  { quantity: 'pulpMiddleC', role: 'pulp-middle', name: 'pulp, middle' },
  { quantity: 'pulpRearC', role: 'pulp-rear', name: 'pulp, door side' },
  { quantity: 'setPointC', role: 'set-point', name: 'set-point' },
];
const DEFROST = QUANTITIES.indexOf('defrostOn');

/** Reads one asset at regular instants. */
class AssetSampler {
  readonly #run: Plotted;
  readonly #assetIx: number;
  readonly #window: Interval;
  readonly #everyMs: number;
  readonly #truth = new Float64Array(QUANTITIES.length);
  readonly #whereabouts: Whereabouts;
  readonly #timeMs: number[] = [];
  readonly #values: number[][] = SHOWN.map(() => []);
  readonly #defrosts: { fromMs: number; toMs: number }[] = [];

  constructor(run: Plotted, assetIx: number, window: Interval) {
    this.#run = run;
    this.#assetIx = assetIx;
    this.#whereabouts = new Whereabouts(run.plan);
    this.#window = window;
    this.#everyMs = Math.ceil((window.toMs - window.fromMs) / POINTS_MAX / MINUTE_MS) * MINUTE_MS;
  }

  /** Instants of one slice, before the world ends it. */
  sample(fromMs: number, toMs: number): void {
    this.#whereabouts.advanceThrough(fromMs);
    const isEmpty = this.#whereabouts.isEmpty(this.#assetIx);
    const first = Math.ceil((fromMs - this.#window.fromMs) / this.#everyMs) * this.#everyMs + this.#window.fromMs;
    for (let timeMs = Math.max(first, this.#window.fromMs); timeMs < toMs; timeMs += this.#everyMs) {
      if (timeMs >= this.#window.toMs) return;
      this.#timeMs.push(timeMs);
      const onDuty = this.#run.plan.assets[this.#assetIx]!.duties.some((d) => d.fromMs <= timeMs && timeMs < d.toMs);
      if (onDuty) {
        this.#run.world.advance(this.#assetIx, timeMs);
        this.#run.world.read(this.#assetIx, this.#truth);
        this.#noteDefrost(timeMs);
      } else this.#truth.fill(Number.NaN);
      for (const [i, { quantity }] of SHOWN.entries()) {
        // Of an empty asset the world tells the air's temperature instead.
        const isPulp = quantity.startsWith('pulp');
        this.#values[i]!.push(isPulp && isEmpty ? Number.NaN : this.#truth[QUANTITIES.indexOf(quantity)]!);
      }
    }
  }

  panel(): Panel {
    const { plan } = this.#run;
    const asset = plan.assets[this.#assetIx]!;
    const spans: Span[] = [
      ...plan.faults
        .filter((fault) => fault.assetIx === this.#assetIx)
        .map(({ kind, fromMs, toMs }) => ({ kind: 'fault' as const, label: kind, fromMs, toMs })),
      ...asset.duties
        .flatMap((duty) => duty.doors)
        .map(({ fromMs, toMs }) => ({ kind: 'door' as const, label: 'door open', fromMs, toMs })),
      ...this.#defrosts.map((interval) => ({ kind: 'defrost' as const, label: 'defrost', ...interval })),
    ];
    return {
      title: `${asset.name} (${asset.key}), true temperatures`,
      zone: plan.zone,
      ...this.#window,
      lines: SHOWN.map(({ role, name }, i) => ({ role, name, timeMs: this.#timeMs, valueC: this.#values[i]! })),
      bands: bandsOf(plan.produce),
      spans: spans.filter((span) => span.fromMs < this.#window.toMs && span.toMs > this.#window.fromMs),
    };
  }

  #noteDefrost(timeMs: number): void {
    if (this.#truth[DEFROST] !== 1) return;
    const last = this.#defrosts.at(-1);
    if (last?.toMs === timeMs) last.toMs += this.#everyMs;
    else this.#defrosts.push({ fromMs: timeMs, toMs: timeMs + this.#everyMs });
  }
}

/** Follows fruit from batch to batch, as it is blended. */
class JourneySampler {
  readonly #run: Plotted;
  readonly #whereabouts: Whereabouts;
  /** Batches that the fruit is in, one after the other. */
  readonly #lineage: readonly number[];
  readonly timeMs: number[] = [];
  readonly pulpC: number[][] = [[], [], []];
  readonly stays: { assetIx: number; fromMs: number; toMs: number }[] = [];

  constructor(run: Plotted, batchIx: number) {
    this.#run = run;
    this.#whereabouts = new Whereabouts(run.plan);
    this.#lineage = lineageOf(run.plan, batchIx);
  }

  get isOver(): boolean {
    const last = this.#lineage.at(-1)!;
    return this.#whereabouts.begun[last] === 1 && this.#whereabouts.assetOf[last] === NOWHERE;
  }

  sample(fromMs: number, toMs: number): void {
    this.#whereabouts.advanceThrough(fromMs);
    const batchIx = this.#lineage.find((ix) => this.#whereabouts.assetOf[ix] !== NOWHERE);
    if (batchIx === undefined) return;
    const assetIx = this.#whereabouts.assetOf[batchIx]!;
    this.timeMs.push(toMs);
    for (let zone = 0; zone < ZONES; zone++) {
      this.pulpC[zone]!.push(this.#run.world.batches.pulpC[batchIx * ZONES + zone]!);
    }
    const stay = this.stays.at(-1);
    if (stay?.assetIx === assetIx) stay.toMs = toMs;
    else this.stays.push({ assetIx, fromMs, toMs });
  }
}

/** What a batch was blended from and into; of several, the first. */
function lineageOf({ blends }: Plan, batchIx: number): number[] {
  const lineage = [batchIx];
  for (;;) {
    const before = blends.find(({ outputs }) => outputs.includes(lineage[0]!))?.inputs[0];
    if (before === undefined) break;
    lineage.unshift(before);
  }
  for (;;) {
    const after = blends.find(({ inputs }) => inputs.includes(lineage.at(-1)!))?.outputs[0];
    if (after === undefined) return lineage;
    lineage.push(after);
  }
}

function journeyPanel(plan: Plan, batchIx: number, journey: JourneySampler, spared: JourneySampler): Panel {
  const fromMs = Math.min(journey.timeMs[0] ?? plan.endMs, spared.timeMs[0] ?? plan.endMs) - SLICE_MS;
  const toMs = Math.max(journey.timeMs.at(-1) ?? plan.startMs, spared.timeMs.at(-1) ?? plan.startMs);
  const zones = ['pulp-front', 'pulp-middle', 'pulp-rear'] as const;
  const names = ['pulp, front', 'pulp, middle', 'pulp, door side'];
  const lines: Line[] = zones.map((role, zone) => {
    return { role, name: names[zone]!, timeMs: journey.timeMs, valueC: journey.pulpC[zone]! };
  });
  const [front, middle, rear] = spared.pulpC;
  const meanC = spared.timeMs.map((_, i) => (front![i]! + middle![i]! + rear![i]!) / ZONES);
  const faults = plan.faults.flatMap(({ assetIx, kind, ...fault }): Span[] => {
    return journey.stays
      .filter((stay) => stay.assetIx === assetIx && stay.fromMs < fault.toMs && fault.fromMs < stay.toMs)
      .map((stay) => ({
        kind: 'fault',
        label: kind,
        fromMs: Math.max(stay.fromMs, fault.fromMs),
        toMs: Math.min(stay.toMs, fault.toMs),
      }));
  });
  return {
    title: `Batch ${plan.batches[batchIx]!.id.split(':').at(-1)}, from place to place`,
    zone: plan.zone,
    fromMs,
    toMs,
    lines: [{ role: 'twin', name: 'pulp, had nothing gone wrong', timeMs: spared.timeMs, valueC: meanC }, ...lines],
    bands: bandsOf(plan.produce),
    spans: [
      ...journey.stays.map(({ assetIx, ...stay }) => ({
        kind: 'stay' as const,
        label: plan.assets[assetIx]!.key.split('/')[1]!,
        ...stay,
      })),
      ...faults,
    ],
  };
}

function bandsOf(produce: string): Bands | null {
  const profile = profileFor(produce);
  if (!profile) return null;
  return {
    targetC: [profile.target.minC, profile.target.maxC],
    alarmC: [profile.alarm.lowC, profile.alarm.highC],
    criticalC: [profile.critical.lowC, profile.critical.highC],
  };
}
