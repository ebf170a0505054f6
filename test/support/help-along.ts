import type { RunningService } from './running-service.js';

/** Asked just now, or found open when the service began. */
const MANUAL = /(?:`done (\S+)` when it is done|Say `done (\S+)`)/;
const GATE = /GO\/NOGO for phase \d+ (?:needs .*\n.*|\(g\d+\): needs .*)`go (\d+)`/;

/** alice and bob answer whatever the run at the prompt asks for, until the service says this. */
export async function helpAlong(service: RunningService, words: RegExp): Promise<string> {
  const either = new RegExp([MANUAL, GATE, words].map(({ source }) => `(?:${source})`).join('|'));
  for (let heard = ''; ;) {
    const next = await service.until(either);
    heard += next;
    const asked = MANUAL.exec(next);
    const task = asked?.[1] ?? asked?.[2];
    const run = GATE.exec(next)?.[1];
    if (task !== undefined) service.say(`done ${task}`);
    else if (run !== undefined) service.say('/as bob', `go ${run}`, '/as alice');
    else return heard;
  }
}
