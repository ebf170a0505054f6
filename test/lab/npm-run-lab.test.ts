import { existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

test('`npm run lab` starts the lab with a service that is connected to it, and leaves nothing', async () => {
  const lab = spawn(process.execPath, [path.join(root, 'dist/lab/main.js')], { cwd: root });
  let heard = '';
  const until = async (words: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = words.exec(heard);
      if (found !== null) return found;
      if (lab.exitCode !== null) throw new Error(`the lab has ended\n${heard}`);
      await new Promise((resolve) => lab.stdout.once('data', resolve));
    }
  };
  lab.stdout.on('data', (data: Buffer) => (heard += data.toString()));
  lab.stderr.on('data', (data: Buffer) => (heard += data.toString()));
  const ended = new Promise<number | null>((resolve) => lab.once('exit', resolve));
  try {
    const [, wiki = ''] = await until(/The wiki: (http:\S+) in codfw/);
    const [, config = ''] = await until(/Configuration: (\S+)/);
    await until(/switchdc is ready/);
    const page = await fetch(wiki, { signal: AbortSignal.timeout(10_000) });
    expect(await page.text()).toContain('<title>');
    lab.stdin.write('start --dry-run\n');
    await until(/Run 1: PASS/);
    // The end of its input is the end of the service, and that is the end of the lab.
    lab.stdin.end();
    expect(await ended).toBe(0);
    expect(existsSync(config)).toBe(false);
  } finally {
    lab.kill('SIGKILL');
  }
}, 120_000);
