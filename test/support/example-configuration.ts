import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const example = resolve(import.meta.dirname, '../../switchdc.example.yaml');

/** Writes the example configuration with some of its lines replaced; throws for one that it does not have. */
export function exampleConfiguration(file: string, replaced: Readonly<Record<string, string>>): string {
  let text = readFileSync(example, 'utf8');
  for (const [line, other] of Object.entries(replaced)) {
    if (!text.includes(line)) throw new Error(`the example configuration has no ${line}`);
    text = text.replace(line, other);
  }
  writeFileSync(file, text);
  return file;
}
