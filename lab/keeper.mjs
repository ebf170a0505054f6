/**
 * Cleans up after a lab that could not do it itself (SIGKILL): waits until the lab's end of the pipe is closed, then
 * kills every process that carries the lab's mark, is in one of its process groups or descends from it (an sshd
 * overwrites its environment, and each of its connections is a session of its own), and removes its folder.
 *
 *   node keeper.mjs MARK FOLDER
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';

const [mark, folder] = process.argv.slice(2);
// Signals for the lab's process group (Ctrl-C in a terminal) are not meant for the one that cleans up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

process.stdin.resume();
process.stdin.on('end', cleanUp);
process.stdin.on('error', cleanUp);

function cleanUp() {
  // Twice: a process may have been started while the first look was under way.
  for (let round = 0; round < 2; round += 1) {
    const groups = new Set();
    const marked = new Set();
    const parents = new Map();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (Number(pid) === process.pid) continue;
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        parents.set(Number(pid), Number(parent));
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        if (!environment.split('\0').includes(`SWITCHDC_LAB=${mark}`)) continue;
        marked.add(Number(pid));
        groups.add(Number(group));
      } catch {
        // It has ended meanwhile, or is not ours to look at.
      }
    }
    const descended = [...parents.keys()].filter((pid) => descends(pid, marked, parents));
    for (const target of [...descended, ...[...groups].map((group) => -group)]) {
      try {
        process.kill(target, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.exit(0);
}

function descends(pid, marked, parents) {
  for (let at = pid; at !== undefined; at = parents.get(at)) if (marked.has(at)) return at !== process.pid;
  return false;
}
