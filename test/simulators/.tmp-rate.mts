import { runSimulation } from '../../simulators/run.ts';
import { planOf } from '../../simulators/main.ts';
import { createWorld } from '../../simulators/world.ts';
const plan = planOf({ scenario: 'demo' });
for (let i = 0; i < 3; i++) {
  const c = process.cpuUsage(), t = performance.now();
  let readings = 0, frames = 0;
  for (const s of runSimulation(plan, createWorld(plan))) for (const p of s.packs) for (const f of p.frames) { frames++; readings += f.values.length; }
  const cpu = process.cpuUsage(c).user / 1e6, wall = (performance.now() - t) / 1000;
  console.log(frames, readings, 'cpu', cpu.toFixed(2), 's wall', wall.toFixed(2), 's', Math.round(readings / cpu), 'readings/cpu-s');
}
