import { zonestamp } from '../calendar/zonestamp.js';
import type { RunLink } from '../chat/run-board.js';
import type { Config } from '../config/config.js';
import { clockTime } from '../domain/instant.js';
import type { RunView } from '../runner/runner.js';

/**
 * Where more is to be read about a run: when read-only begins, in everybody's own zone, for as long as it has not
 * begun; and the links of the configuration whose words the run has. Pure.
 */
export function runLinks(config: Pick<Config, 'chat'>, { run, state }: RunView): readonly RunLink[] {
  const words: Readonly<Record<string, string | undefined>> = {
    run: String(state.run),
    task: state.reason.task,
    event: state.event,
  };
  const configured = config.chat.links.flatMap(({ text, address }): RunLink[] => {
    const filled = address.replace(/\{(run|task|event)\}/g, (hole, word: string) =>
      words[word] === undefined ? hole : encodeURIComponent(words[word]),
    );
    return /\{(run|task|event)\}/.test(filled) ? [] : [{ text, link: filled }];
  });
  const window = run.phases.find((phase) => phase.urgent);
  if (window?.notBefore === undefined || state.phases[window.id] !== undefined || state.stage === 'ended')
    return configured;
  const { notBefore } = window;
  return [
    { text: `read-only at ${clockTime(notBefore)} UTC in your zone`, link: zonestamp(notBefore) },
    ...configured,
  ];
}
