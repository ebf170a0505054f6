/** Where something is in a configuration: keys and positions in lists, from the top. */
export type ConfigPath = readonly (string | number)[];

/** `people[2].roles[0]`, `dns.addresses["a.b"]`: as people write it. Different paths have different texts. Pure. */
export function pathText(path: ConfigPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (!/^[\w-]+$/.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}
