/** Whether an MQTT topic filter matches a topic name (MQTT 3.1.1 §4.7; `$` topics need a literal first level). */
export function matchesFilter(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) return false;
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '#') return true;
    if (i >= levels.length) return false;
    if (wanted[i] !== '+' && wanted[i] !== levels[i]) return false;
  }
  return wanted.length === levels.length;
}

/** Whether everything that `asked` can match is matched by `allowed` too: may a client subscribe to it? */
export function coversFilter(allowed: string, asked: string): boolean {
  const outer = allowed.split('/');
  const inner = asked.split('/');
  if (asked.startsWith('$') && (outer[0] === '#' || outer[0] === '+')) return false;
  for (let i = 0; i < outer.length; i++) {
    if (outer[i] === '#') return true;
    if (i >= inner.length || inner[i] === '#') return false;
    if (outer[i] !== '+' && outer[i] !== inner[i]) return false;
  }
  return outer.length === inner.length;
}
