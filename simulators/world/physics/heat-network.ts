/** Cooling in one step: a fixed rate, or proportional to how far the air lies above `fromC`, up to `maxW`. */
export interface Cooling {
  maxW: number;
  /** 0: always `maxW`. Else `maxW · clamp((air − fromC) / bandK, 0, 1)`. */
  bandK: number;
  fromC: number;
}

/**
 * One asset as a star: an air node in the middle, cargo nodes around it, walls and door to the outside.
 * Integrated by backward Euler, which is solved exactly in one pass because nodes only touch the air:
 * unconditionally stable, and heat is neither made nor lost, since every flux is taken at the step's end for both
 * of the nodes it joins. First order in time: fine for steps far below the minutes in which air reacts.
 * One instance serves many assets in turn; nothing is allocated per step.
 */
export class HeatNetwork {
  // Inputs of a step, set by the caller.
  airC = 0;
  airJK = 1;
  /** Walls to the air. */
  wallWK = 0;
  /** What the walls see: air and sun. */
  wallOutC = 0;
  doorWK = 0;
  doorOutC = 0;
  /** Heat made inside the air: fans. */
  airSourceW = 0;
  readonly cooling: Cooling = { maxW: 0, bandK: 0, fromC: 0 };
  nodes = 0;
  nodeC = new Float64Array(16);
  nodeJK = new Float64Array(16);
  nodeToAirWK = new Float64Array(16);
  /** Heat that a node takes straight from the wall it leans on. */
  nodeToWallWK = new Float64Array(16);
  /** Heat made inside a node: respiration. */
  nodeSourceW = new Float64Array(16);

  // Results of a step, besides airC and nodeC.
  coolingW = 0;
  wallW = 0;
  doorW = 0;
  sourceW = 0;

  #follow = new Float64Array(16);
  #base = new Float64Array(16);

  /** Makes room for at least this many nodes. */
  reserve(nodes: number): void {
    if (nodes <= this.nodeC.length) return;
    const size = nodes * 2;
    this.nodeC = new Float64Array(size);
    this.nodeJK = new Float64Array(size);
    this.nodeToAirWK = new Float64Array(size);
    this.nodeToWallWK = new Float64Array(size);
    this.nodeSourceW = new Float64Array(size);
    this.#follow = new Float64Array(size);
    this.#base = new Float64Array(size);
  }

  /** The air at the end of a step of `dtS` seconds, without making the step. Call before {@link commit}. */
  solve(dtS: number): number {
    let weight = this.airJK / dtS + this.wallWK + this.doorWK;
    let load =
      (this.airJK / dtS) * this.airC + this.wallWK * this.wallOutC + this.doorWK * this.doorOutC + this.airSourceW;
    for (let i = 0; i < this.nodes; i++) {
      const perStep = this.nodeJK[i]! / dtS;
      const toAir = this.nodeToAirWK[i]!;
      const toWall = this.nodeToWallWK[i]!;
      const all = perStep + toAir + toWall;
      const base = (perStep * this.nodeC[i]! + this.nodeSourceW[i]! + toWall * this.wallOutC) / all;
      const follow = toAir / all;
      this.#base[i] = base;
      this.#follow[i] = follow;
      weight += toAir * (1 - follow);
      load += toAir * base;
    }
    return this.#cooledAirC(load, weight);
  }

  /** Makes the step that {@link solve} found. @param endAirC what it returned */
  commit(endAirC: number): void {
    let wallW = this.wallWK * (this.wallOutC - endAirC);
    let sourceW = this.airSourceW;
    for (let i = 0; i < this.nodes; i++) {
      const endC = this.#base[i]! + this.#follow[i]! * endAirC;
      this.nodeC[i] = endC;
      wallW += this.nodeToWallWK[i]! * (this.wallOutC - endC);
      sourceW += this.nodeSourceW[i]!;
    }
    this.airC = endAirC;
    this.wallW = wallW;
    this.doorW = this.doorWK * (this.doorOutC - endAirC);
    this.sourceW = sourceW;
    this.coolingW = coolingAtW(this.cooling, endAirC);
  }

  /** Heat held above 0 °C, J. */
  heatJ(): number {
    let heat = this.airJK * this.airC;
    for (let i = 0; i < this.nodes; i++) heat += this.nodeJK[i]! * this.nodeC[i]!;
    return heat;
  }

  /** Solves `weight · air = load − cooling(air)`: linear on each of the three pieces of the cooling's curve. */
  #cooledAirC(load: number, weight: number): number {
    const { maxW, bandK, fromC } = this.cooling;
    const fullC = (load - maxW) / weight;
    if (bandK === 0 || fullC >= fromC + bandK) return fullC;
    const offC = load / weight;
    if (offC <= fromC) return offC;
    const slope = maxW / bandK;
    return (load + slope * fromC) / (weight + slope);
  }
}

/** What the cooling takes out at an air temperature, W. */
export function coolingAtW(cooling: Cooling, airC: number): number {
  if (cooling.bandK === 0) return cooling.maxW;
  return cooling.maxW * Math.min(1, Math.max(0, (airC - cooling.fromC) / cooling.bandK));
}
