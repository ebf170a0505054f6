// A lab in a process of its own, to be killed: prints its folder and the processes it has started, and stays.
import path from 'node:path';

const { LabGround } = await import('../../dist/lab/lab-ground.js');
const ground = await LabGround.open();
const server = await ground.start({
  name: 'sleeper',
  command: '/bin/sh',
  args: ['-c', 'setsid sleep 600 & echo $! > child; sleep 600'],
  cwd: ground.folder,
  log: path.join(ground.folder, 'sleeper.log'),
  ready: async () => (await import('node:fs')).existsSync(path.join(ground.folder, 'child')),
});
const { readFileSync } = await import('node:fs');
const child = Number(readFileSync(path.join(ground.folder, 'child'), 'utf8'));
process.stdout.write(JSON.stringify({ folder: ground.folder, pids: [server.pid, child] }));
setInterval(() => undefined, 1_000);
