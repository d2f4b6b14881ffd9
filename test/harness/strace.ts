import { readFileSync } from 'node:fs';
import { programPath } from './programs.ts';

/** One system call of a trace; `startLine` and `endLine` are where it was entered and where it had returned. */
export interface SystemCall {
  readonly name: string;
  /** What its first argument, a descriptor, stands for: a path, or `TCP:[local->remote]`. */
  readonly target: string;
  /** What it read or wrote. */
  readonly bytes: Buffer;
  readonly result: number;
  readonly startLine: number;
  readonly endLine: number;
}

const CALLS = 'read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync';
/** Bytes of a buffer that a trace shows; a longer one is marked, and `tracedCalls` refuses it where it matters. */
const BYTES_MAX = 4096;

/**
 * The words before a command that make strace write its calls, and those of its threads, to the file. The command
 * stays our direct child (-D), so that signals reach it and not strace.
 */
export function straceCommand(traceFile: string): string[] {
  const show = ['-yy', '-xx', '-s', String(BYTES_MAX)];
  return [programPath('strace'), '-D', '-f', '-q', ...show, '-e', `trace=${CALLS}`, '-o', traceFile];
}

/** Whether the trace of a process is whole. */
export function hasEnded(traceFile: string, pid: number): boolean {
  return new RegExp(`^${pid} +\\+\\+\\+ `, 'm').test(readFileSync(traceFile, 'utf8').slice(-4096));
}

/**
 * The calls of a trace on descriptors that `isWanted` picks, in the order in which they returned. strace stops a
 * thread at the entry and at the return of each call until the line is written, so what one call caused comes later.
 */
export function tracedCalls(traceFile: string, isWanted: (target: string) => boolean): SystemCall[] {
  const calls: SystemCall[] = [];
  const unfinished = new Map<string, { text: string; startLine: number }>();
  for (const [lineNumber, line] of readFileSync(traceFile, 'utf8').split('\n').entries()) {
    const [, thread, said] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (thread === undefined || said === undefined) continue;
    const begun = /^(.*) <unfinished \.\.\.>$/.exec(said);
    if (begun) {
      unfinished.set(thread, { text: begun[1]!, startLine: lineNumber });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(said);
    const start = resumed ? unfinished.get(thread) : undefined;
    if (resumed && !start) continue;
    const call = readCall((start?.text ?? '') + (resumed?.[1] ?? said), start?.startLine ?? lineNumber, lineNumber);
    if (call && isWanted(call.target)) calls.push(call);
  }
  return calls;
}

function readCall(text: string, startLine: number, endLine: number): SystemCall | undefined {
  const parts = /^(\w+)\(\d+<(TCP:\[[^\]]*\]|[^>]*)>(.*)\) += (-?\d+)/.exec(text);
  if (!parts) return undefined;
  const [, name, target, args, result] = parts;
  const strings = [...args!.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)];
  if (strings.some(([, , cut]) => cut) && target!.startsWith('TCP:')) {
    throw new Error(`line ${endLine + 1} of the trace shows only the first ${BYTES_MAX} bytes of a message`);
  }
  return {
    name: name!,
    target: unescaped(target!).toString(),
    bytes: Buffer.concat(strings.map(([, hex]) => unescaped(hex!))),
    result: Number(result),
    startLine,
    endLine,
  };
}

/** Text in which some bytes are written `\xhh`. */
function unescaped(text: string): Buffer {
  return Buffer.from(
    text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
