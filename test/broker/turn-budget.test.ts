import { expect, test } from 'vitest';
import { TurnBudget } from '../../src/broker/turn-budget.ts';

/** Work that takes a millisecond of the injected clock. */
function workshop(turnMsMax: number) {
  let nowMs = 0;
  const ran: number[] = [];
  const budget = new TurnBudget(turnMsMax, () => nowMs);
  const work = (name: number) => () => {
    nowMs += 1;
    ran.push(name);
  };
  return { budget, work, ran };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('work runs at once while the turn has time left; the rest follows in its order, a turn full at a time', async () => {
  const { budget, work, ran } = workshop(3);
  for (let i = 0; i < 10; i++) budget.run(work(i));
  const done = [ran.length];
  for (let i = 0; i < 4; i++) {
    await turn();
    done.push(ran.length);
  }
  expect(done).toEqual([3, 6, 9, 10, 10]);
  expect(ran).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('nobody overtakes who waits already, and work longer than a turn still gets one', async () => {
  const { budget, work, ran } = workshop(0.5);
  budget.run(work(0));
  budget.run(work(1));
  budget.run(work(2));
  await turn();
  budget.run(work(3));
  for (let i = 0; i < 4; i++) await turn();
  expect(ran).toEqual([0, 1, 2, 3]);
  expect(budget.left).toBe(true);
});
