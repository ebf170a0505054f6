/** Edit distance where a swap of neighbours counts once (Damerau, restricted). Pure; cost is a.length × b.length. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change, swap));
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

/** The word that was probably meant, or undefined when nothing is near enough to offer. Pure. */
export function closest(typed: string, words: Iterable<string>): string | undefined {
  const wanted = typed.slice(0, 64).toLowerCase();
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const lower = word.toLowerCase();
    const begins = wanted.length >= 2 && lower.startsWith(wanted);
    const distance = begins ? 0.5 : editDistance(wanted, lower);
    const allowed = Math.max(1, Math.floor(Math.max(lower.length, wanted.length) / 3));
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { word, distance };
  }
  return best?.word;
}
