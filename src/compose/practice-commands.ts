import { list, message, type Message, paragraph, say, type Span } from '../chat/message.js';
import type { SlashCommand, SlashCommands } from '../chat/terminal/slash.js';
import { explainError } from '../domain/errors.js';
import { coreDatacenters } from '../domain/installation.js';
import { waitsForPerson } from '../runner/waits.js';
import { faultText } from '../simulation/fault.js';
import { faultUsage, parseFault } from '../simulation/parse-fault.js';
import { defaultOperations } from '../simulation/default-operations.js';
import type { Simulation } from './composed-world.js';
import type { House } from './house.js';
import { worldBlocks } from './world-message.js';

/** Faster, and leases would end between two looks of a busy machine. */
const FASTEST = 300;

/** What can be typed at the prompt besides commands; about the simulated world only where there is one. */
export function practiceCommands(house: House): SlashCommands {
  const { simulation } = house.world;
  const commands = new Map<string, SlashCommand>([['wait', waitCommand(house)]]);
  if (simulation === undefined) return commands;
  return commands
    .set('fault', faultCommand(simulation, house))
    .set('speed', speedCommand(simulation))
    .set('world', worldCommand(simulation));
}

function faultCommand({ world }: Simulation, { installation, config }: House): SlashCommand {
  const words = {
    hosts: world.shape.inventory.hosts,
    commands: Object.keys(config.hosts?.operations ?? defaultOperations()),
    sections: installation.sections,
    datacenters: coreDatacenters(installation),
    appServers: world.shape.appServers.map(({ host }) => host),
    dnsServers: installation.dns.servers,
  };
  return {
    usage: '/fault [WHAT … | clear [WHAT …]]',
    means: `break something in the simulated world, such as replication s4 stuck; alone it lists: ${faultUsage.join(', ')}`,
    run(typed) {
      const parsed = parseFault(typed, words);
      if (!parsed.ok)
        return Promise.resolve(message('warning', paragraph(`${parsed.problem}. Say ${parsed.needed}.`)));
      const { request } = parsed;
      switch (request.do) {
        case 'cause':
          world.faults.cause(request.fault);
          return Promise.resolve(
            say(`From now on: ${faultText(request.fault)}. `, { code: '/fault clear' }, ' ends it.'),
          );
        case 'clear': {
          const cleared = world.faults.clear(request.subject);
          return Promise.resolve(
            say(cleared === 0 ? 'Nothing of that was broken.' : `Whole again: ${cleared}.`),
          );
        }
        case 'list': {
          const faults = world.faults.list().map((fault): Span[] => [faultText(fault)]);
          return Promise.resolve(
            faults.length === 0 ? say('Nothing is broken.') : message('warning', list(...faults)),
          );
        }
      }
    },
  };
}

function speedCommand({ clock }: Simulation): SlashCommand {
  return {
    usage: '/speed [N]',
    means: 'how many simulated seconds pass in a real one',
    run([typed]) {
      if (typed === undefined) return Promise.resolve(say(`Simulated time runs at ${clock.rate()} ×.`));
      const speed = Number(typed);
      if (!/^\d{1,3}$/.test(typed) || speed < 1 || speed > FASTEST)
        return Promise.resolve(
          message('warning', paragraph(`A speed is a whole number from 1 to ${FASTEST}.`)),
        );
      clock.setRate(speed);
      return Promise.resolve(
        say(
          `Simulated time runs at ${speed} ×; in real time around read-only and while a run waits for a person.`,
        ),
      );
    },
  };
}

function waitCommand({ runner, journal, clock }: House): SlashCommand {
  const settled = async (): Promise<Message | undefined> => {
    const unfinished = await runner.unfinished();
    if (unfinished.length === 0) return say('No run is going on.');
    for (const run of unfinished) {
      const view = await runner.view(run);
      if (view !== undefined && waitsForPerson(view.run, view.state, clock.now()))
        return say(`Run ${run} waits for a person. `, { code: `why ${run}` }, ' tells for what.');
    }
    return undefined;
  };
  return {
    usage: '/wait',
    means: 'wait until a run needs a person or has ended',
    async run(_words, signal) {
      const now = await settled();
      if (now !== undefined) return now;
      const [newest] = await journal.runs(1);
      const from = newest === undefined ? 0 : ((await journal.read(newest)).at(-1)?.position ?? 0);
      try {
        for await (const _ of journal.follow(from, signal)) {
          const found = await settled();
          if (found !== undefined) return found;
        }
      } catch (error) {
        return say(`Stopped waiting: ${explainError(error)}.`);
      }
      return undefined;
    },
  };
}

function worldCommand({ world, clock }: Simulation): SlashCommand {
  return {
    usage: '/world',
    means: 'show the simulated world as it is now',
    run: () => Promise.resolve(message('plain', ...worldBlocks(world.look(), clock.rate(), clock.now()))),
  };
}
