/** One thing that is wrong in a configuration file. Values and texts are short, printable and never secret. */
export interface ConfigMistake {
  readonly file?: string;
  /** `people[2].roles[0]`; empty for the file as a whole. */
  readonly path: string;
  readonly at?: Position;
  /** What is there: the value as it would be written, or that there is none. */
  readonly found: string;
  readonly expected: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** In the file, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
