import { internLayout, type Layout } from '../frame.ts';
import type { ChannelName } from './channel-name.ts';

/** Nodes kept before the trie starts anew: a sender that shuffles its channels cannot fill the memory. */
const NODES_MAX = 20_000;

/** A sequence of channels as they came, each once. */
export class LayoutNode {
  readonly name: ChannelName | null;
  readonly parent: LayoutNode | null;
  /** How many channels the sequence has. */
  readonly depth: number;
  /** The child taken last time and its name: devices send their channels in one order. */
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

export interface LayoutPlan {
  readonly layout: Layout;
  /** Where in the layout the k-th channel that came belongs. */
  readonly rank: Uint16Array;
}

/** Turns the order in which a device names its channels into a {@link Layout}, without work once it was seen. */
export class LayoutTrie {
  root = new LayoutNode(null, null);
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
        this.root = new LayoutNode(null, null);
        this.#nodes = 0;
      }
      child = new LayoutNode(name, node);
      node.children ??= new Map();
      node.children.set(name, child);
    }
    node.lastName = name;
    node.lastChild = child;
    return child;
  }

  /** Layout and order of a sequence. */
  plan(node: LayoutNode): LayoutPlan {
    node.plan ??= planOf(node);
    return node.plan;
  }
}

function planOf(node: LayoutNode): LayoutPlan {
  const names: string[] = [];
  for (let n = node; n.name && n.parent; n = n.parent) names.push(n.name.name);
  names.reverse();
  const layout = internLayout(names);
  return { layout, rank: Uint16Array.from(names, (name) => layout.channels.indexOf(name)) };
}
