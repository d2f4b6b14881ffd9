import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { framesOf, internLayout } from '../../src/contract/frame.ts';
import { FrameBatchBuilder } from '../../src/contract/frame-batch-builder.ts';
import { Journal, type JournalOptions } from '../../src/journal/journal.ts';
import { JournalReader } from '../../src/journal/log.ts';
import { decodeRecord, encodeRecord, type JournalDocument } from '../../src/journal/record.ts';
import { openDatabase } from '../../src/lib/sqlite.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'coldtrail-journal-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const layout = internLayout(['pulp-1', 'air-return']);
const clock = { nowMs: () => 1_700_000_000_000 };

function options(over: Partial<JournalOptions> = {}): JournalOptions {
  return {
    file: join(dir, 'journal.db'),
    fsync: true,
    maxBytes: 1e9,
    keepBytes: 1e9,
    keepMs: 1e12,
    wall: clock,
    clock,
    onCommit: () => {},
    onFailure: (error) => {
      throw error;
    },
    ...over,
  };
}

const durable = (journal: Journal) => new Promise<void>((resolve) => journal.whenDurable(resolve));

test('a record comes back as it went in: frames, values bit for bit, documents', () => {
  const frame = fc.record({
    device: fc.constantFrom('a/x', 'a/y', 'b/z'),
    timeMs: fc.integer({ min: 0, max: 4e12 }),
    seq: fc.option(fc.nat()),
    values: fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })),
  });
  fc.assert(
    fc.property(fc.array(frame), fc.boolean(), (frames, withDocument) => {
      const builder = new FrameBatchBuilder();
      for (const f of frames) builder.addFrame({ ...f, layout });
      const documents: JournalDocument[] = withDocument
        ? [{ kind: 'event', org: 'a', event: { type: 'ObjectEvent', text: '新梅' } }]
        : [];
      const batch = builder.take();
      const back = decodeRecord(encodeRecord(batch, documents), 1);
      expect([...framesOf(back.frames)]).toEqual([...framesOf(batch)]);
      expect(back.documents).toEqual(documents);
    }),
  );
});

test('an acknowledgement means: another process reads the record', async () => {
  const journal = await Journal.open(options());
  journal.frames.add('a/x', 1000, 1, layout, [4.5, -0.5]);
  await durable(journal);
  const reader = new JournalReader(join(dir, 'journal.db'));
  const record = reader.next(0);
  expect(record && [...framesOf(record.frames)]).toMatchObject([{ device: 'a/x', timeMs: 1000, seq: 1 }]);
  expect(reader.next(record!.offset)).toBeUndefined();
  reader.close();
  await journal.close();
});

test('what arrives in one turn shares a record, and close commits what is pending', async () => {
  const commits: number[] = [];
  const journal = await Journal.open(options({ onCommit: (offset) => commits.push(offset) }));
  let acks = 0;
  for (let i = 0; i < 1000; i++) {
    journal.frames.add('a/x', i, i, layout, [1, 2]);
    journal.whenDurable(() => acks++);
  }
  await journal.close();
  expect(acks).toBe(1000);
  expect(commits).toEqual([1]);
});

test('an acknowledgement for nothing comes at once, but never before one that waits', async () => {
  const commits: number[] = [];
  const journal = await Journal.open(options({ onCommit: (offset) => commits.push(offset) }));
  const seen: string[] = [];
  journal.inOrder(() => seen.push('at once'));
  expect(seen).toEqual(['at once']);
  journal.frames.add('a/x', 1, 1, layout, [1, 2]);
  journal.whenDurable(() => seen.push('durable'));
  journal.inOrder(() => seen.push('after the pending'));
  await new Promise((resolve) => setImmediate(resolve));
  journal.inOrder(() => seen.push('after the one in flight'));
  expect(seen).toEqual(['at once']);
  await journal.close();
  expect(seen).toEqual(['at once', 'durable', 'after the pending', 'after the one in flight']);
  expect(commits).toEqual([1]);
});

test('offsets go on after a restart, and after everything was trimmed', async () => {
  let journal = await Journal.open(options({ keepBytes: 0 }));
  for (let i = 0; i < 3; i++) {
    journal.frames.add('a/x', i, i, layout, [1, 2]);
    await durable(journal);
  }
  journal.projected(3);
  await journal.close();
  let reader = new JournalReader(join(dir, 'journal.db'));
  expect(reader.state()).toMatchObject({ firstOffset: 4, headOffset: 3, bytes: 0 });
  reader.close();
  journal = await Journal.open(options());
  journal.frames.add('a/x', 9, 9, layout, [1, 2]);
  await durable(journal);
  await journal.close();
  reader = new JournalReader(join(dir, 'journal.db'));
  expect(reader.next(0)?.offset).toBe(4);
  reader.close();
});

test('a full journal holds acknowledgements until a projection has passed it, and loses none', async () => {
  const journal = await Journal.open(options({ maxBytes: 300, keepBytes: 0 }));
  let acks = 0;
  const add = async (i: number) => {
    journal.frames.add('a/x', i, i, layout, [1, 2]);
    journal.whenDurable(() => acks++);
    await new Promise((resolve) => setTimeout(resolve, 30));
  };
  for (let i = 0; i < 6; i++) await add(i);
  const held = acks;
  expect(journal.full).toBe(true);
  expect(held).toBeLessThan(6);
  journal.projected(held);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(acks).toBe(6);
  await journal.close();
});

test('what is projected and kept for a rebuild does not count as input that waits', async () => {
  const journal = await Journal.open(options({ maxBytes: 300, keepBytes: 1e9 }));
  for (let i = 0; i < 6; i++) {
    journal.frames.add('a/x', i, i, layout, [1, 2]);
    await durable(journal);
    if (i < 5) journal.projected(journal.headOffset);
  }
  expect(journal.full).toBe(false);
  await journal.close();
  const reader = new JournalReader(join(dir, 'journal.db'));
  expect(reader.state()).toMatchObject({ firstOffset: 1, headOffset: 6 });
  expect(reader.state().bytes).toBeGreaterThan(300);
  reader.close();
});

test('trimming adds few commits of its own', async () => {
  const journal = await Journal.open(options({ keepBytes: 0 }));
  journal.projected(1000);
  const reader = new JournalReader(join(dir, 'journal.db'));
  const first = new Set<number>();
  for (let i = 0; i < 64; i++) {
    journal.frames.add('a/x', i, i, layout, [1, 2]);
    await durable(journal);
    first.add(reader.state().firstOffset);
  }
  reader.close();
  await journal.close();
  expect(first.size).toBeGreaterThan(2);
  expect(first.size).toBeLessThan(8);
});

test('a commit that fails is told, never acknowledged, and does not hold up the end', async () => {
  const failures: string[] = [];
  const journal = await Journal.open(options({ onFailure: (error) => failures.push(error.message) }));
  const db = openDatabase(join(dir, 'journal.db'));
  db.exec('DROP TABLE record');
  db.close();
  let acks = 0;
  for (let i = 0; i < 2; i++) {
    journal.frames.add('a/x', i, i, layout, [1, 2]);
    journal.whenDurable(() => acks++);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await journal.close();
  expect(failures).toEqual([expect.stringContaining('no such table')]);
  expect(acks).toBe(0);
}, 5000);

test('trimming by age takes what is old and projected, and nothing that is not projected yet', async () => {
  let nowMs = 0;
  const wall = { nowMs: () => (nowMs += 1000) };
  const journal = await Journal.open(options({ keepMs: 0, wall }));
  for (let i = 0; i < 5; i++) {
    journal.frames.add('a/x', i, i, layout, [1, 2]);
    await durable(journal);
  }
  journal.projected(3);
  await journal.close();
  const reader = new JournalReader(join(dir, 'journal.db'));
  expect(reader.state().firstOffset).toBe(4);
  reader.close();
});

test('a damaged record is refused by its checksum', async () => {
  const journal = await Journal.open(options());
  journal.frames.add('a/x', 1, 1, layout, [1, 2]);
  await durable(journal);
  await journal.close();
  const db = openDatabase(join(dir, 'journal.db'));
  db.exec("UPDATE record SET body = body || x'00'");
  db.close();
  const reader = new JournalReader(join(dir, 'journal.db'));
  expect(() => reader.next(0)).toThrow(/fails its checksum/);
  reader.close();
});
