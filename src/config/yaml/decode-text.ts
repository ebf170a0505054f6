import type { Position } from '../mistake.js';

export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly at: Position; readonly byte: string };

/** Decodes UTF-8, a byte order mark left out; says where the first byte is that is not UTF-8. Pure. */
export function decodeText(bytes: Uint8Array): DecodedText {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const offset = validPrefix(bytes);
    const before = new TextDecoder().decode(bytes.subarray(0, offset));
    const lines = before.split('\n');
    const at = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    return { ok: false, at, byte: `0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}` };
  }
}

/** How many bytes can be decoded; found by halving, because the decoder does not say. */
function validPrefix(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    // A prefix that ends within a character is fine: `stream` keeps its bytes for later.
    if (decodes(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // Then back to the start of a character that is cut off or never completed.
  while (good > 0 && !decodes(bytes.subarray(0, good), false)) good -= 1;
  return good;
}

function decodes(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}
