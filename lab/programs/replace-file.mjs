import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Whoever reads the file sees the old one or the new one, each whole. */
export function replaceFile(file, text) {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.new`);
  writeFileSync(draft, text);
  renameSync(draft, file);
}
