import type { Directory } from '../access/directory.js';
import { tally } from '../access/tally.js';
import { whoIsMissing } from '../access/who-is-missing.js';
import type { PersonName } from '../domain/names.js';
import { type Instant, clockTime, formatLength } from '../domain/instant.js';
import { listed, plural } from '../domain/text.js';
import { modeMark } from '../runbook/mode.js';
import type { Reminder } from '../runner/entry.js';
import { gateTitle, needsText } from '../runner/gate-words.js';
import type { Gate, RunState } from '../runner/run-state.js';
import { type Block, list, message, type Message, paragraph, type Span } from './message.js';
import { differenceLines } from './plan-message.js';
import type { PlanDifference } from '../runbook/plan.js';

/** Who holds which role: whom to call where somebody is missing. */
export type Crowd = Pick<Directory, 'holdersOf'>;

/** Nobody is known: nobody is called. */
export const nobody: Crowd = { holdersOf: () => [] };

/** More people than this are not called one by one: the role is named, and a channel is no telephone book. */
const MOST_CALLED = 8;

/** `run 41` with the mark of its mode: what a line about it begins with. Pure. */
export const runMark = (state: RunState): string => `${modeMark(state.mode)}run ${state.run}`;

/** The question, with who has answered and who is missing, and what is different from the plan shown before. Pure. */
export function askingMessage(
  state: RunState,
  gate: Gate,
  difference: readonly PlanDifference[] = [],
): Message {
  const blocks: Block[] = [
    paragraph(
      `${runMark(state)}: `,
      { strong: gateTitle(gate) },
      ...(gate.for.kind === 'request' ? [` for ${state.runbook} ${state.description}`] : []),
      ` needs ${needsText(gate.policy)}, by ${clockTime(gate.expiresAt)} UTC`,
    ),
  ];
  if (difference.length > 0)
    blocks.push(
      paragraph('The plan has changed since it was shown; earlier votes have lapsed:'),
      list(...differenceLines(difference)),
    );
  if (gate.policy.needs.length > 0 || gate.votes.length > 0) blocks.push(paragraph(rollCallText(gate)));
  if (gate.settled === undefined) blocks.push(gateChoices(state, gate));
  else blocks.push(paragraph({ strong: gate.settled.verdict.toUpperCase() }, ` — ${gate.settled.because}`));
  return message('warning', ...blocks);
}

/** `Roll call: dba: carol; traffic: missing; 1 more GO missing`. Pure. */
export function rollCallText(gate: Gate): string {
  const { counted, missing } = tally(gate, gate.votes);
  const rolesOf = (name: PersonName): readonly string[] =>
    gate.votes.findLast((vote) => vote.by.person === name)?.roles ?? [];
  const needed = gate.policy.needs.map((role) => {
    const by = counted.filter((name) => rolesOf(name).includes(role));
    return `${role}: ${by.length === 0 ? 'missing' : listed(by)}`;
  });
  const others = counted.filter((name) => !gate.policy.needs.some((role) => rolesOf(name).includes(role)));
  const rest = [
    ...(others.length === 0 ? [] : [`also GO: ${listed(others)}`]),
    ...(missing.approvals > 0 ? [`${plural(missing.approvals, 'more GO', 'more GOs')} missing`] : []),
  ];
  return `Roll call: ${[...needed, ...rest].join('; ')}`;
}

/** ` — still missing: a dba, 1 GO`, as long as something is. Pure. */
export function stillMissingText(gate: Gate): string {
  const { verdict, missing } = tally(gate, gate.votes);
  return verdict === 'open' ? `still missing: ${missingText(missing)}` : '';
}

/** The question once more: in the channel, then calling those who are missing by name. Pure. */
export function reminderMessage(
  state: RunState,
  gate: Gate,
  how: Reminder,
  crowd: Crowd,
  at: Instant,
): Message {
  const people = whoIsMissing(gate, gate.votes, crowd);
  const [yes, no] = gateWords(state, gate);
  return message(
    'warning',
    paragraph(
      ...(how === 'mention' ? called(people) : []),
      `${runMark(state)}: `,
      { strong: gateTitle(gate) },
      ` ${stillMissingText(gate) || 'is being decided'}; it ends at ${clockTime(gate.expiresAt)} UTC (in ${formatLength(Math.max(0, gate.expiresAt - at))}). `,
      { command: yes },
      ' or ',
      { command: no },
      ...(how === 'direct' && people.length > 0 ? [`. I write to ${shortList(people)} directly`] : []),
    ),
  );
}

/** What one of those who are missing is told alone. Pure. */
export function directMessage(state: RunState, gate: Gate, at: Instant): Message {
  return message(
    'warning',
    paragraph(
      'Your answer is missing: ',
      `${runMark(state)} (${state.description}), `,
      { strong: gateTitle(gate) },
      `, needs ${needsText(gate.policy)}. It ends at ${clockTime(gate.expiresAt)} UTC (in ${formatLength(Math.max(0, gate.expiresAt - at))}).`,
    ),
    gateChoices(state, gate),
  );
}

/** The answers to a request. Pure. */
export const requestChoices = ({ run }: RunState): Block => choices([`approve ${run}`, `deny ${run}`]);

const gateChoices = (state: RunState, gate: Gate): Block => choices(gateWords(state, gate));

function choices(commands: readonly string[]): Block {
  const label = (command: string): string => (command.split(' ')[0] ?? '').toUpperCase();
  return { kind: 'choices', choices: commands.map((command) => ({ label: label(command), command })) };
}

/** The commands that answer. */
function gateWords(state: RunState, gate: Gate): readonly [string, string] {
  const suffix = gate.for.kind === 'skip' ? ` --gate ${gate.id}` : '';
  const [yes, no] = gate.for.kind === 'request' ? ['approve', 'deny'] : ['go', 'nogo'];
  return [`${yes} ${state.run}${suffix}`, `${no} ${state.run}${suffix}`];
}

function called(people: readonly PersonName[]): readonly Span[] {
  if (people.length === 0) return [];
  const spans = people
    .slice(0, MOST_CALLED)
    .flatMap((name, index): Span[] => [...(index === 0 ? [] : [', ']), { mention: name }]);
  const more = people.length - MOST_CALLED;
  return [...spans, more > 0 ? ` and ${more} more: ` : ': '];
}

function shortList(people: readonly PersonName[]): string {
  const more = people.length - MOST_CALLED;
  return more > 0 ? `${people.slice(0, MOST_CALLED).join(', ')} and ${more} more` : listed(people);
}

function missingText({ approvals, roles }: ReturnType<typeof tally>['missing']): string {
  const parts = roles.map((role) => `a ${role}`);
  const others = Math.max(0, approvals - roles.length);
  if (others > 0) parts.push(roles.length === 0 ? `${others} GO` : `${others} more GO`);
  return listed(parts);
}
