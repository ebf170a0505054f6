import type { RunningService } from './running-service.js';

const MANUAL = /`done (\S+)` when it is done/;
const GATE = /GO\/NOGO for phase \d+ needs .*\n.*`go (\d+)`/;

/** alice and bob answer whatever the run at the prompt asks for, until the service says this. */
export async function helpAlong(service: RunningService, words: RegExp): Promise<string> {
  const either = new RegExp([MANUAL, GATE, words].map(({ source }) => `(?:${source})`).join('|'));
  for (let heard = ''; ;) {
    const next = await service.until(either);
    heard += next;
    const task = MANUAL.exec(next)?.[1];
    const run = GATE.exec(next)?.[1];
    if (task !== undefined) service.say(`done ${task}`);
    else if (run !== undefined) service.say('/as bob', `go ${run}`, '/as alice');
    else return heard;
  }
}
