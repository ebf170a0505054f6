import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabGround } from '../lab-ground.js';
import type { ServerProcess } from '../server-process.js';
import { answersIrc } from './answers-irc.js';

/** An IRC server without accounts, tags and echoes: the least that a server is. */
export interface LabNgircd {
  readonly port: number;
  readonly server: ServerProcess;
}

export async function openNgircd(ground: LabGround): Promise<LabNgircd> {
  const port = await ground.ports.next();
  const folder = ground.folderFor(`ngircd-${port}`);
  const file = path.join(folder, 'ngircd.conf');
  writeFileSync(
    file,
    [
      ...['[Global]', 'Name = irc.plain.test', 'Info = lab', 'AdminInfo1 = lab', 'AdminEMail = lab@lab.test'],
      ...['Listen = 127.0.0.1', `Ports = ${port}`, 'MotdPhrase = lab'],
      ...['[Limits]', 'MaxConnectionsIP = 0', 'MaxPenaltyTime = 0', 'MaxNickLength = 30'],
      ...['[Options]', 'DNS = no', 'Ident = no', 'PAM = no', ''],
    ].join('\n'),
  );
  const server = await ground.start({
    name: 'ngircd',
    command: 'ngircd',
    args: ['--config', file, '--nodaemon'],
    log: path.join(folder, 'ngircd.log'),
    ready: () => answersIrc(port),
  });
  return { port, server };
}
