import { internLayout, type Layout } from '../frame.ts';
import { type ChannelName, SEQ } from './channel-name.ts';

/** Names a node offers as likely to follow: one for each kind of device that shares the way there, for a few kinds. */
const LIKELY_MAX = 4;

/** Nodes kept before the trie starts anew: a sender that shuffles its channels cannot fill the memory. */
const NODES_MAX = 20_000;

/** A sequence of channels as they came, each once. */
export class LayoutNode {
  readonly name: ChannelName | null;
  readonly parent: LayoutNode | null;
  /** How many channels the sequence has. */
  readonly depth: number;
  /** Names that followed this sequence before: devices send their channels in one order. */
  readonly likely: ChannelName[] = [];
  /** The child taken last time and its name. */
  lastName: ChannelName | null = null;
  lastChild: LayoutNode | null = null;
  children: Map<ChannelName, LayoutNode> | null = null;
  plan: LayoutPlan | null = null;

  constructor(name: ChannelName | null, parent: LayoutNode | null) {
    this.name = name;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }
}

interface LayoutPlan {
  readonly layout: Layout;
  /** Where in the layout the k-th channel that came belongs. */
  readonly rank: Uint16Array;
}

/** Turns the order in which a device names its channels into a {@link Layout}, without work once it was seen. */
export class LayoutTrie {
  root = newRoot();
  #nodes = 0;

  /** The sequence with one more channel; null where it already has it. */
  append(node: LayoutNode, name: ChannelName): LayoutNode | null {
    if (node.lastName === name) return node.lastChild;
    return this.#appendSlowly(node, name);
  }

  #appendSlowly(node: LayoutNode, name: ChannelName): LayoutNode | null {
    let child = node.children?.get(name);
    if (!child) {
      for (let n: LayoutNode | null = node; n; n = n.parent) if (n.name === name) return null;
      if (++this.#nodes > NODES_MAX) {
        this.root = newRoot();
        this.#nodes = 0;
      }
      child = new LayoutNode(name, node);
      node.children ??= new Map();
      node.children.set(name, child);
      if (node.likely.length < LIKELY_MAX) node.likely.push(name);
    }
    node.lastName = name;
    node.lastChild = child;
    return child;
  }

  /** What most likely comes next; behind a sequence that never went on, what may open a frame. */
  likelyAfter(node: LayoutNode): readonly ChannelName[] {
    return node.likely.length > 0 ? node.likely : this.root.likely;
  }

  /** Layout and order of a sequence. */
  plan(node: LayoutNode): LayoutPlan {
    node.plan ??= planOf(node);
    return node.plan;
  }
}

function newRoot(): LayoutNode {
  const root = new LayoutNode(null, null);
  root.likely.push(SEQ);
  return root;
}

function planOf(node: LayoutNode): LayoutPlan {
  const names: string[] = [];
  for (let n = node; n.name && n.parent; n = n.parent) names.push(n.name.name);
  names.reverse();
  const layout = internLayout(names);
  return { layout, rank: Uint16Array.from(names, (name) => layout.channels.indexOf(name)) };
}
