// qlobber ships no types; these are the parts the emitter uses.
declare module 'qlobber' {
  export class Qlobber<T> {
    constructor(options: {
      separator: string;
      wildcard_one: string;
      wildcard_some: string;
      match_empty_levels: boolean;
    });
    add(filter: string, value: T): this;
    remove(filter: string, value?: T): this;
    match(topic: string): T[];
    clear(): this;
  }
}
